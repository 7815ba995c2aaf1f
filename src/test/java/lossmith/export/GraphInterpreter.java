package lossmith.export;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a graph of {@code torch.fx} in JSON returns, by plain loops over doubles, with the slope by
 * each of its first input. Only what is linear may carry a slope: all else must be detached.
 */
final class GraphInterpreter {
  private final Map<String, Value> values = new HashMap<>();

  /**
   * Numbers, and of each its slopes by the first input.
   *
   * @param x one number of rank 0, any of rank 1
   * @param rank how many axes
   * @param slopes of each number; none where it is detached
   */
  record Value(List<Double> x, int rank, @Nullable List<double[]> slopes) {
    static Value of(double... x) {
      return new Value(Arrays.stream(x).boxed().toList(), 1, null);
    }

    static Value one(double x) {
      return new Value(List.of(x), 0, null);
    }

    double at(int i) {
      return x.get(rank == 0 ? 0 : i);
    }

    /** This as the input by which slopes are taken. */
    Value live() {
      List<double[]> unit = new ArrayList<>();
      for (int i = 0; i < x.size(); i++) {
        double[] slope = new double[x.size()];
        slope[i] = 1;
        unit.add(slope);
      }
      return new Value(x, rank, unit);
    }
  }

  private GraphInterpreter() {}

  /** {@return what the graph returns of these inputs, with slopes by the first node of them all} */
  static Value run(JsonNode nodes, Map<String, Value> inputs) {
    GraphInterpreter running = new GraphInterpreter();
    boolean first = true;
    for (JsonNode node : nodes) {
      String target = node.get("target").asText();
      switch (node.get("op").asText()) {
        case "placeholder" -> {
          Value given = Objects.requireNonNull(inputs.get(target), target);
          running.values.put(node.get("name").asText(), first ? given.live() : given);
          first = false;
        }
        case "call_function", "call_method" ->
            running.values.put(node.get("name").asText(), running.call(target, node));
        case "output" -> {
          return running.argument(node.get("args").get(0));
        }
        default -> throw new IllegalStateException(node.toString());
      }
    }
    throw new IllegalStateException("no output");
  }

  private Value argument(JsonNode of) {
    if (of.isNumber()) {
      return Value.one(of.asDouble());
    }
    if (of.has("float")) {
      String text = of.get("float").asText();
      return Value.one(
          switch (text) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> throw new IllegalStateException(text);
          });
    }
    return Objects.requireNonNull(values.get(of.get("ref").asText()), of.toString());
  }

  private Value call(String target, JsonNode node) {
    JsonNode args = node.get("args");
    Value x = argument(args.get(0));
    if (target.equals("torch.clamp")) {
      return clamped(x, node.get("kwargs"));
    }
    if (!node.get("kwargs").isEmpty()) {
      throw new IllegalStateException(node.toString());
    }
    JsonNode second = args.path(1);
    return switch (target) {
      case "detach" -> new Value(x.x, x.rank, null);
      case "torch.sum" -> sum(x);
      case "torch.masked_select" -> selected(x, argument(second));
      case "torch.cumsum" -> soFar(x);
      case "torch.flip" -> reversed(x);
      case "torch.where" -> chosen(x, argument(second), argument(args.get(2)));
      case "operator.add", "operator.sub", "operator.mul" -> linear(target, x, argument(second));
      default -> args.size() == 1 ? each(target, x) : each(target, x, argument(second));
    };
  }

  private static Value detached(Value x) {
    if (x.slopes != null) {
      throw new IllegalStateException("a slope goes on where it is not linear");
    }
    return x;
  }

  private static Value sum(Value x) {
    double sum = 0;
    for (double one : x.x) {
      sum += one;
    }
    if (x.slopes == null) {
      return Value.one(sum);
    }
    double[] slope = new double[x.slopes.isEmpty() ? 0 : x.slopes.get(0).length];
    for (double[] one : x.slopes) {
      for (int i = 0; i < slope.length; i++) {
        slope[i] += one[i];
      }
    }
    return new Value(List.of(sum), 0, List.of(slope));
  }

  private static Value selected(Value x, Value mask) {
    List<Double> left = new ArrayList<>();
    List<double[]> slopes = x.slopes == null ? null : new ArrayList<>();
    for (int i = 0; i < x.x.size(); i++) {
      if (mask.at(i) != 0) {
        left.add(x.x.get(i));
        if (slopes != null && x.slopes != null) {
          slopes.add(x.slopes.get(i));
        }
      }
    }
    return new Value(left, 1, slopes);
  }

  private static Value soFar(Value x) {
    List<Double> sums = new ArrayList<>();
    double sum = 0;
    for (double one : detached(x).x) {
      sum += one;
      sums.add(sum);
    }
    return new Value(sums, 1, null);
  }

  private static Value reversed(Value x) {
    List<Double> turned = new ArrayList<>(detached(x).x);
    Collections.reverse(turned);
    return new Value(turned, 1, null);
  }

  private static Value clamped(Value x, JsonNode bounds, Value low, Value high) {
    int n = size(detached(x), low, high);
    List<Double> all = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      double y = x.at(i);
      y = bounds.has("min") && y < low.at(i) ? low.at(i) : y;
      all.add(bounds.has("max") && y > high.at(i) ? high.at(i) : y);
    }
    return new Value(all, Math.max(x.rank, Math.max(low.rank, high.rank)), null);
  }

  private Value clamped(Value x, JsonNode bounds) {
    Value low = bounds.has("min") ? argument(bounds.get("min")) : Value.one(0);
    Value high = bounds.has("max") ? argument(bounds.get("max")) : Value.one(0);
    return clamped(x, bounds, low, high);
  }

  private static Value chosen(Value when, Value x, Value y) {
    int rank = Math.max(when.rank, Math.max(x.rank, y.rank));
    List<Double> all = new ArrayList<>();
    for (int i = 0; i < size(when, detached(x), detached(y)); i++) {
      all.add(when.at(i) != 0 ? x.at(i) : y.at(i));
    }
    return new Value(all, rank, null);
  }

  private static int size(Value... of) {
    return Arrays.stream(of)
        .filter(one -> one.rank == 1)
        .mapToInt(one -> one.x.size())
        .findFirst()
        .orElse(1);
  }

  private static Value linear(String target, Value x, Value y) {
    DoubleBinaryOperator of =
        switch (target) {
          case "operator.add" -> Double::sum;
          case "operator.sub" -> (a, b) -> a - b;
          default -> (a, b) -> a * b;
        };
    Value value = each(of, new Value(x.x, x.rank, null), new Value(y.x, y.rank, null));
    if (x.slopes == null && y.slopes == null) {
      return value;
    }
    if (y.slopes != null && target.equals("operator.sub")) {
      throw new IllegalStateException("a slope is taken away");
    }
    return y.slopes == null
        ? linear(target, x, y, value.x, value.rank)
        : linear(target, y, x, value.x, value.rank);
  }

  /** Where x carries slopes and y, which may be a factor, none. */
  private static Value linear(String target, Value x, Value y, List<Double> value, int rank) {
    if (x.slopes == null || y.slopes != null) {
      throw new IllegalStateException("two slopes in " + target);
    }
    List<double[]> slopes = new ArrayList<>();
    for (int i = 0; i < value.size(); i++) {
      double factor = target.equals("operator.mul") ? y.at(i) : 1;
      slopes.add(
          Arrays.stream(x.slopes.get(x.rank == 0 ? 0 : i))
              .map(slope -> slope == 0 ? 0 : slope * factor)
              .toArray());
    }
    return new Value(value, rank, slopes);
  }

  private static Value each(String target, Value x) {
    DoubleUnaryOperator of =
        switch (target) {
          case "torch.ones_like" -> a -> 1;
          case "operator.neg" -> a -> -a;
          case "torch.exp" -> Math::exp;
          case "torch.expm1" -> Math::expm1;
          case "torch.log" -> Math::log;
          case "torch.log1p" -> Math::log1p;
          case "torch.sqrt" -> Math::sqrt;
          case "torch.abs" -> Math::abs;
          case "torch.sign" -> Math::signum;
          case "torch.square" -> a -> a * a;
          case "torch.sigmoid" -> a -> 1 / (1 + Math.exp(-a));
          case "torch.tanh" -> Math::tanh;
          case "torch.floor" -> Math::floor;
          case "torch.logical_not" -> a -> a == 0 ? 1 : 0;
          default -> throw new IllegalStateException(target + " of one");
        };
    return new Value(detached(x).x.stream().map(of::applyAsDouble).toList(), x.rank, null);
  }

  private static Value each(String target, Value x, Value y) {
    return each(
        switch (target) {
          case "torch.full_like" -> (a, b) -> b;
          case "operator.truediv" -> (a, b) -> a / b;
          case "operator.gt" -> (a, b) -> a > b ? 1 : 0;
          case "operator.ge" -> (a, b) -> a >= b ? 1 : 0;
          case "operator.lt" -> (a, b) -> a < b ? 1 : 0;
          case "operator.le" -> (a, b) -> a <= b ? 1 : 0;
          case "operator.eq" -> (a, b) -> a == b ? 1 : 0;
          case "torch.logical_and" -> (a, b) -> a != 0 && b != 0 ? 1 : 0;
          case "torch.logical_or" -> (a, b) -> a != 0 || b != 0 ? 1 : 0;
          case "torch.logaddexp" ->
              (a, b) -> Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
          default -> throw new IllegalStateException(target + " of two");
        },
        x,
        y);
  }

  private static Value each(DoubleBinaryOperator of, Value x, Value y) {
    List<Double> all = new ArrayList<>();
    for (int i = 0; i < size(detached(x), detached(y)); i++) {
      all.add(of.applyAsDouble(x.at(i), y.at(i)));
    }
    return new Value(all, Math.max(x.rank, y.rank), null);
  }
}
