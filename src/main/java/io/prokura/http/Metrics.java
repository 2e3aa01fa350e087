package io.prokura.http;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.DoubleSupplier;

/// What the server counts and measures, in the form Prometheus reads. Names and labels are
/// constants of the code: nothing a caller sends may become a label.
public final class Metrics {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter requests =
      Counter.builder()
          .name("http_requests_total")
          .help("Requests answered, by route, method and class of status.")
          .labelNames("route", "method", "status")
          .register(registry);
  private final Histogram durations =
      Histogram.builder()
          .name("http_request_duration_seconds")
          .help("Time from the last byte of a request to its answer, by route and method.")
          .labelNames("route", "method")
          .classicOnly()
          .classicUpperBounds(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5, 10)
          .register(registry);

  /// A number that only grows.
  public static final class Count {
    private final Counter counter;

    private Count(Counter counter) {
      this.counter = counter;
    }

    /// Adds one under these label values, as many as there are label names.
    public void increment(String... labels) {
      add(1, labels);
    }

    /// Adds `amount`, which is not negative.
    public void add(long amount, String... labels) {
      if (labels.length == 0) {
        counter.inc(amount);
      } else {
        counter.labelValues(labels).inc(amount);
      }
    }
  }

  /// The measurements of one route.
  static final class OfRoute {
    private final CounterDataPoint[] byStatusClass;
    private final DistributionDataPoint duration;

    private OfRoute(CounterDataPoint[] byStatusClass, DistributionDataPoint duration) {
      this.byStatusClass = byStatusClass;
      this.duration = duration;
    }

    void answered(int status, long nanos) {
      byStatusClass[status / 100 - 1].inc();
      duration.observe(nanos / 1e9);
    }
  }

  /// A new counter; its name ends in `_total` and is not taken yet.
  public Count counter(String name, String help, String... labelNames) {
    return new Count(
        Counter.builder().name(name).help(help).labelNames(labelNames).register(registry));
  }

  /// A value that is read whenever somebody asks. `value` must be quick and safe on any thread.
  public void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  OfRoute ofRoute(String route, String method) {
    var byStatusClass = new CounterDataPoint[5];
    for (int i = 0; i < byStatusClass.length; i++) {
      byStatusClass[i] = requests.labelValues(route, method, (i + 1) + "xx");
    }
    return new OfRoute(byStatusClass, durations.labelValues(route, method));
  }

  /// Everything, in the text format 0.0.4.
  public Response exposition() {
    var out = new ByteArrayOutputStream(8192);
    try {
      PrometheusTextFormatWriter.create().write(out, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Response.bytes(200, PrometheusTextFormatWriter.CONTENT_TYPE, out.toByteArray());
  }
}
