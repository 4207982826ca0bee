#pragma once

// How often this thread has called operator new, for tests of code that must not.

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MOTET_COUNTS_ALLOCATIONS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define MOTET_COUNTS_ALLOCATIONS 0
#endif
#endif
#ifndef MOTET_COUNTS_ALLOCATIONS
#define MOTET_COUNTS_ALLOCATIONS 1
#endif

// Stays 0 where MOTET_COUNTS_ALLOCATIONS is 0.
long allocations();
