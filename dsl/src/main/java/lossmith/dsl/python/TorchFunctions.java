package lossmith.dsl.python;

import io.vavr.collection.List;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.CompareOp;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.python.PythonCode.Binding;
import lossmith.dsl.python.PythonCode.Shape;

/** The element-wise functions and the reductions as PyTorch and {@code helpers.py} call them. */
final class TorchFunctions {
  private TorchFunctions() {}

  static PythonCode of(UnaryOp op, PythonCode x) {
    return switch (op) {
      case NEGATE -> {
        Binding binds = x.binds().compareTo(Binding.SIGN) < 0 ? Binding.PRODUCT : Binding.SIGN;
        yield new PythonCode("-" + x.within(Binding.PRODUCT), binds, x.shape());
      }
      case EXP -> call("exp", x);
      case EXP_SLOPE -> call("exp_slope", x);
      case LOG -> call("torch.log", x);
      case SQRT -> call("torch.sqrt", x);
      case ABS -> call("torch.abs", x);
      case SIGN -> call("torch.sign", x);
      case SQUARE -> call("torch.square", x);
      case SIGMOID -> call("torch.sigmoid", x);
      case LOG_SIGMOID -> call("logsigmoid", x);
      case SOFTPLUS -> call("softplus", x);
      case TANH -> call("torch.tanh", x);
      case EXPM1 -> call("expm1", x);
      case EXP_REMAINDER -> call("exp_remainder", x);
      case EXP_REMAINDER_SLOPE -> call("exp_remainder_slope", x);
      case LOG1P -> call("torch.log1p", x);
      case LOG1M_EXP -> call("log1m_exp", x);
      case FLOOR -> call("torch.floor", x);
    };
  }

  static PythonCode of(BinaryOp op, PythonCode x, PythonCode y) {
    return switch (op) {
      case PLUS -> sum(x, y);
      case MINUS -> PythonCode.infix(x, "-", Binding.SUM, y);
      case TIMES -> PythonCode.infix(x, "*", Binding.PRODUCT, y);
      case DIVIDE -> PythonCode.infix(divided(x, y), "/", Binding.PRODUCT, y);
      case MIN -> bound(x, "minimum", "max", y);
      case MAX -> bound(x, "maximum", "min", y);
      case LOG_ADD_EXP -> call("torch.logaddexp", x, y);
      case SIGMOID_DIFF -> call("sigmoid_diff", x, y);
      case PROB_TIMES -> y.text().equals("1") ? call("torch.exp", x) : call("prob_times", x, y);
    };
  }

  static PythonCode of(CompareOp op, PythonCode x, PythonCode y) {
    PythonCode left = y.shape() == Shape.NUMBER ? x.tensor() : x;
    String text = left.beyond(Binding.COMPARISON) + " " + op + " " + y.beyond(Binding.COMPARISON);
    return new PythonCode(text, Binding.COMPARISON, left.with(y));
  }

  static String of(ReduceOp op) {
    return switch (op) {
      case SUM -> "total";
      case MEAN -> "mean";
      case STD -> "std";
      case MIN -> "smallest";
      case MAX -> "largest";
      case ULP -> "ulp";
    };
  }

  static PythonCode clip(PythonCode x, PythonCode low, PythonCode high) {
    PythonCode of = x.tensor();
    Shape shape = List.of(of, low, high).map(PythonCode::shape).maxBy(Enum::ordinal).get();
    return PythonCode.call("clip", shape, List.of(of.text(), low.text(), high.text()));
  }

  /** A division by 0 is infinite among tensors and an error among Python's numbers. */
  private static PythonCode divided(PythonCode x, PythonCode y) {
    return y.shape() == Shape.NUMBER ? x.tensor() : x;
  }

  /** A sum of which one side is negated is a difference. */
  private static PythonCode sum(PythonCode x, PythonCode y) {
    if (negated(y)) {
      return PythonCode.infix(x, "-", Binding.SUM, positive(y));
    }
    if (negated(x)) {
      return PythonCode.infix(y, "-", Binding.SUM, positive(x));
    }
    boolean turned = x.shape() == Shape.NUMBER && y.text().matches("\\d.*");
    PythonCode first = turned ? y : x;
    PythonCode second = turned ? x : y;
    String text = first.within(Binding.SUM) + " + " + second.within(Binding.SUM);
    return new PythonCode(text, Binding.SUM, x.with(y));
  }

  private static boolean negated(PythonCode x) {
    return x.text().startsWith("-") && x.binds().compareTo(Binding.SUM) > 0;
  }

  private static PythonCode positive(PythonCode negated) {
    return new PythonCode(negated.text().substring(1), negated.binds(), negated.shape());
  }

  private static PythonCode bound(PythonCode x, String of, String clamp, PythonCode y) {
    if (x.shape() == Shape.NUMBER && y.shape() != Shape.NUMBER) {
      return bound(y, of, clamp, x);
    }
    PythonCode left = x.tensor();
    return y.shape() == Shape.NUMBER
        ? PythonCode.atom(
            left.within(Binding.ATOM) + ".clamp(" + clamp + "=" + y.text() + ")", left.shape())
        : call("torch." + of, left, y);
  }

  private static PythonCode call(String function, PythonCode x) {
    PythonCode of = x.tensor();
    return PythonCode.call(function, of.shape(), List.of(of.text()));
  }

  private static PythonCode call(String function, PythonCode x, PythonCode y) {
    PythonCode left = x.tensor();
    PythonCode right = y.tensor();
    return PythonCode.call(function, left.with(right), List.of(left.text(), right.text()));
  }
}
