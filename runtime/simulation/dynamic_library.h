#pragma once

// A shared library that is opened while the program runs, and may be missing.

#include <string>

namespace motet {

class DynamicLibrary {
 public:
  // Whether libraries that look a function up in the whole process find it here.
  enum class Scope { own, process };

  DynamicLibrary() = default;
  explicit DynamicLibrary(const char* name, Scope scope = Scope::own);
  ~DynamicLibrary();
  DynamicLibrary(DynamicLibrary&& other) noexcept;
  DynamicLibrary& operator=(DynamicLibrary&& other) noexcept;

  explicit operator bool() const { return handle_ != nullptr; }
  // Keeps the library for the rest of the process.
  void keep() { handle_ = nullptr; }

  // Sets a pointer to the library's function of that name; false where there is none.
  template <typename Function>
  bool find(const char* name, Function*& function) const {
    function = reinterpret_cast<Function*>(symbol(name));
    return function != nullptr;
  }

 private:
  void* symbol(const char* name) const;

  void* handle_ = nullptr;
};

}  // namespace motet
