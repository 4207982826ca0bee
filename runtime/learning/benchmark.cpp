#include "runtime/learning/benchmark.h"

#include <dlfcn.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "runtime/kernels/kernels.h"
#include "runtime/learning/compute_threads.h"
#include "runtime/learning/learner.h"
#include "runtime/learning/native_sac.h"
#include "runtime/learning/native_sql.h"

namespace motet {
namespace {

using Clock = std::chrono::steady_clock;

// Calls of `work` a second, over about this time.
double rate_of(const std::function<void()>& work, double seconds) {
  const auto start = Clock::now();
  const auto since = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
  std::int64_t calls = 0;
  double passed = 0;
  while (passed < seconds) {
    work();
    ++calls;
    passed = since();
  }
  return static_cast<double>(calls) / passed;
}

LearnerShape networks_of(const UpdateShape& shape) {
  return {shape.observation_size,
          shape.action_size,
          {shape.hidden, shape.hidden},
          shape.couplings > 0       ? PolicyKind::flow
          : shape.soft_q_learning() ? PolicyKind::sampler
                                    : PolicyKind::gaussian,
          shape.couplings,
          std::max<std::int64_t>(shape.action_size, 16)};
}

SacSettings sac_settings_of(const UpdateShape& shape) {
  SacSettings settings;
  settings.batch = shape.batch;
  settings.hidden = {shape.hidden, shape.hidden};
  return settings;
}

SqlSettings sql_settings_of(const UpdateShape& shape) {
  SqlSettings settings;
  settings.batch = shape.batch;
  settings.hidden = {shape.hidden, shape.hidden};
  settings.particles = shape.particles;
  settings.value_samples = shape.value_samples;
  return settings;
}

std::unique_ptr<Learner> learner_of(const UpdateShape& shape, const Compute& compute, Team& team) {
  if (shape.soft_q_learning())
    return std::move(*Learner::make(networks_of(shape), sql_settings_of(shape), 1, compute, team));
  return std::move(*Learner::make(networks_of(shape), sac_settings_of(shape), 1, compute, team));
}

std::vector<CountedProduct> products_of(const UpdateShape& shape) {
  return shape.soft_q_learning() ? sql_update_products(networks_of(shape), sql_settings_of(shape))
                                 : sac_update_products(networks_of(shape), sac_settings_of(shape));
}

// A learner with a replay of noise.
class BusyLearner {
 public:
  BusyLearner(const UpdateShape& shape, const std::string& backend, Team& team)
      : replay_(std::move(*ReplayBuffer::make(rows, shape.observation_size, shape.action_size))),
        slots_(static_cast<std::size_t>(shape.batch)) {
    learner_ = learner_of(shape, {.backend = backend, .device = "cpu"}, team);
    std::vector<float> s(static_cast<std::size_t>(shape.observation_size)), next(s.size());
    std::vector<float> a(static_cast<std::size_t>(shape.action_size));
    for (std::int64_t i = 0; i < rows; ++i) {
      random_.fill_normal(s);
      random_.fill_normal(next);
      random_.fill_uniform(a, -1, 1);
      replay_.add({s, a, static_cast<float>(random_.normal()), next, false});
    }
  }

  void update() {
    for (std::int64_t& slot : slots_) slot = static_cast<std::int64_t>(random_.below(rows));
    learner_->update(replay_, slots_, 0);
  }

 private:
  static constexpr std::int64_t rows = 20'000;
  Random random_{1};
  ReplayBuffer replay_;
  std::vector<std::int64_t> slots_;
  std::unique_ptr<Learner> learner_;
};

// The products of an update and nothing else. Those of one shape share their matrices, which then stay
// in the caches better than an update's own can.
class Products {
 public:
  explicit Products(const std::vector<CountedProduct>& products) {
    for (const CountedProduct& product : products) {
      all_.push_back(
          {product,
           product.transposed ? Matrix(product.depth, product.rows) : Matrix(product.rows, product.depth),
           Matrix(product.depth, product.columns), Matrix(product.rows, product.columns)});
    }
  }

  void run() {
    for (One& one : all_) {
      const CountedProduct& p = one.shape;
      for (int i = 0; i < p.count; ++i) {
        kernels().product({.rows = p.rows,
                           .columns = p.columns,
                           .depth = p.depth,
                           .a = one.a.row(0),
                           .a_row = p.transposed ? 1 : one.a.stride(),
                           .a_depth = p.transposed ? one.a.stride() : 1,
                           .b = one.b.row(0),
                           .b_row = one.b.stride(),
                           .c = one.c.row(0),
                           .c_row = one.c.stride()});
      }
    }
  }

  // By the BLAS that LibTorch uses, found while the program runs.
  using Sgemm = void (*)(int order, int transpose_a, int transpose_b, int rows, int columns, int depth,
                         float alpha, const float* a, int a_row, const float* b, int b_row, float beta,
                         float* c, int c_row);
  void run(Sgemm sgemm) {
    constexpr int row_major = 101, as_it_is = 111, transpose = 112;
    for (One& one : all_) {
      const CountedProduct& p = one.shape;
      for (int i = 0; i < p.count; ++i) {
        sgemm(row_major, p.transposed ? transpose : as_it_is, as_it_is, static_cast<int>(p.rows),
              static_cast<int>(p.columns), static_cast<int>(p.depth), 1, one.a.row(0),
              static_cast<int>(one.a.stride()), one.b.row(0), static_cast<int>(one.b.stride()), 0,
              one.c.row(0), static_cast<int>(one.c.stride()));
      }
    }
  }

 private:
  struct One {
    CountedProduct shape;
    Matrix a, b, c;
  };
  std::vector<One> all_;
};

}  // namespace

Spread spread_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto at = [&](double part) {
    return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1) + 0.5)];
  };
  return {at(0.5), at(0.25), at(0.75)};
}

double UpdateSpeed::part_of_bound() const {
  return native.median * operations / std::max(products.median, library_products.median * threads);
}

double measure_native_updates(const UpdateShape& shape, int threads, double seconds) {
  Team team(threads);
  BusyLearner learner(shape, "native", team);
  return rate_of([&] { learner.update(); }, seconds);
}

UpdateSpeed measure_updates(const UpdateShape& shape, int threads, int rounds, double seconds) {
  set_compute_threads(threads);
  Team team(threads);
  BusyLearner native(shape, "native", team), torch(shape, "torch", team);
  const std::vector<CountedProduct> counted = products_of(shape);
  UpdateSpeed speed{shape, threads, {}, {}, 0, {}, {}};
  for (const CountedProduct& product : counted) speed.operations += product.operations();

  std::vector<Products> products;
  for (int i = 0; i < threads; ++i) products.emplace_back(counted);
  const auto sgemm = reinterpret_cast<Products::Sgemm>(::dlsym(RTLD_DEFAULT, "cblas_sgemm"));
  std::vector<double> by_native, by_torch, by_products, by_library;
  for (int round = -1; round < rounds; ++round) {  // the first one warms up
    const double native_rate = rate_of([&] { native.update(); }, seconds);
    const double torch_rate = rate_of([&] { torch.update(); }, seconds);
    const double product_rate = rate_of(
        [&] { team.each(threads, [&](long i, int) { products[static_cast<std::size_t>(i)].run(); }); },
        seconds);
    double library_rate = 0;
    if (sgemm != nullptr) {
      set_compute_threads(1);
      library_rate = rate_of([&] { products[0].run(sgemm); }, seconds);
      set_compute_threads(threads);
    }
    if (round < 0) continue;
    by_native.push_back(native_rate);
    by_torch.push_back(torch_rate);
    by_products.push_back(product_rate * threads * speed.operations);
    by_library.push_back(library_rate * speed.operations);
  }
  speed.native = spread_of(by_native);
  speed.torch = spread_of(by_torch);
  speed.products = spread_of(by_products);
  speed.library_products = spread_of(by_library);
  return speed;
}

}  // namespace motet
