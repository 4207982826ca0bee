#ifndef MOTET_H
#define MOTET_H

/* Executes a trained skill from its bundle, for C and whatever calls C. */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define MOTET_API __attribute__((visibility("default")))
#else
#define MOTET_API
#endif

typedef struct motet_executor motet_executor;

enum motet_status {
  MOTET_OK = 0,
  MOTET_NOT_FINITE = 2 /* the observation holds a NaN or an infinity, or the action would */
};

/* Reads a bundle. NULL where it cannot be executed: `error`, of `size` bytes, then says why, cut to fit; it
   may be NULL. */
MOTET_API motet_executor* motet_load(const char* file, char* error, size_t size);
/* The same, with actions drawn from the policy instead of its mean. */
MOTET_API motet_executor* motet_load_sampled(const char* file, uint64_t seed, char* error, size_t size);
/* NULL is allowed. */
MOTET_API void motet_free(motet_executor* executor);

MOTET_API size_t motet_observation_size(const motet_executor* executor); /* n */
MOTET_API size_t motet_action_size(const motet_executor* executor);      /* m */
MOTET_API double motet_control_period(const motet_executor* executor);   /* s between two steps */
/* Names and SI units live as long as the executor; NULL beyond the last. */
MOTET_API const char* motet_skill(const motet_executor* executor);
MOTET_API const char* motet_observation_name(const motet_executor* executor, size_t i);
MOTET_API const char* motet_observation_unit(const motet_executor* executor, size_t i);
MOTET_API const char* motet_action_name(const motet_executor* executor, size_t i);

/* An episode begins. */
MOTET_API void motet_begin(motet_executor* executor);
/* One control step: from the observation, n floats, to the robot's action, m floats in [-1, 1]. Allocates
   nothing and takes no lock. Unless it is MOTET_OK, the action is zero. */
MOTET_API enum motet_status motet_step(motet_executor* executor, const float* observation, float* action);

#ifdef __cplusplus
}
#endif

#endif
