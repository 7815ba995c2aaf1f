package lossmith.rollouts;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.LinkedHashMap;
import java.util.function.Supplier;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Problem;
import lossmith.rollouts.table.CellColumn;

/** The columns of chosen rows as numbers; what is wrong with any of them is collected. */
final class RowColumns {
  private final FileColumns columns;
  private final Responses responses;
  private final boolean asWritten;
  private final java.util.Map<String, Faults> faults = new LinkedHashMap<>();

  /**
   * The columns of a file.
   *
   * @param columns as they were read
   * @param responses which rows belong together
   * @param asWritten whether log-probs may be anything
   */
  RowColumns(FileColumns columns, Responses responses, boolean asWritten) {
    this.columns = columns;
    this.responses = responses;
    this.asWritten = asWritten;
  }

  /** {@return the same columns of some of the responses} */
  RowColumns of(Responses some) {
    return new RowColumns(columns, some, asWritten);
  }

  /** {@return what was wrong with the rows that were read so far} */
  Seq<Problem> problems() {
    return List.ofAll(faults.values()).flatMap(Faults::problems);
  }

  /** {@return whether the numbers of a column are taken even where no loss can use them} */
  boolean asWritten(String name) {
    return asWritten && name.endsWith(Columns.LOG_PROB);
  }

  /** {@return which tokens of some responses are the policy's, if the file says so} */
  Option<double[]> mask(int[] chosen) {
    return columns.get(ColumnNames.MASK).map(cells -> mask(cells, chosen));
  }

  private double[] mask(CellColumn cells, int[] chosen) {
    Faults wrong =
        faults(
            cells,
            "a list of 0 and 1 as long as tokens, in every row",
            "1 for each token of the policy, 0 for each other token");
    return lists(cells, chosen, wrong, (token, one) -> one == 0 || one == 1);
  }

  /** {@return the ids of the sampled tokens of some responses, if the file has them} */
  Option<int[]> sampled(int[] chosen, Option<double[]> mask) {
    return columns.get(ColumnNames.TOKENS).map(cells -> ids(cells, chosen, mask));
  }

  private int[] ids(CellColumn cells, int[] chosen, Option<double[]> mask) {
    Faults wrong = faults(cells, "whole numbers >= 0", "token ids");
    double[] ids =
        lists(cells, chosen, wrong, (token, x) -> (x >= 0 && x == (int) x) || !exists(mask, token));
    int[] whole = new int[ids.length];
    for (int t = 0; t < whole.length; t++) {
      whole[t] = (int) ids[t];
    }
    return whole;
  }

  /**
   * {@return the numbers of a column}
   *
   * @param name its name here
   * @param level its level
   * @param chosen the responses, all those of a prompt or none
   * @param mask which tokens are the policy's, if not all
   */
  double[] numbers(String name, Level.Name level, int[] chosen, Option<double[]> mask) {
    CellColumn cells = columns.get(name).get();
    return switch (level) {
      case TOKEN -> list(name, cells, chosen, mask);
      case SEQUENCE -> perRow(name, cells, chosen);
      case GROUP -> perGroup(name, cells, chosen);
      default -> one(name, cells, chosen);
    };
  }

  private double[] list(String name, CellColumn cells, int[] chosen, Option<double[]> mask) {
    Faults wrong =
        faults(
            cells,
            "a list of finite numbers as long as tokens, in every row",
            "one number per token");
    boolean any = asWritten(name);
    return lists(
        cells,
        chosen,
        wrong,
        (token, x) ->
            Double.isFinite(x) || !exists(mask, token) || (any && !Scalars.isNoNumber(x)));
  }

  /** Whether an entry is what a column holds. */
  private interface Entry {
    boolean fits(int token, double number);
  }

  /** The lists of rows, one after the other. */
  private double[] lists(CellColumn cells, int[] chosen, Faults wrong, Entry entry) {
    int[] lengths = responses.lengths();
    double[] all = new double[responses.tokens(chosen)];
    int start = 0;
    for (int i : chosen) {
      int row = responses.rows()[i];
      if (cells.length(row) != lengths[i] || cells.kind(row) != CellColumn.Kind.LIST) {
        wrong.at(row, responses.noList(cells, row, lengths[i]));
      } else {
        cells.copy(row, all, start);
        for (int t = 0; t < lengths[i]; t++) {
          if (!entry.fits(start + t, all[start + t])) {
            wrong.at(row, "entry " + (t + 1) + " = " + Scalars.entry(all[start + t]));
            break;
          }
        }
      }
      start += lengths[i];
    }
    return all;
  }

  private double[] perRow(String name, CellColumn cells, int[] chosen) {
    Faults wrong =
        faults(
            cells.name(),
            () ->
                new Faults(
                    cells, "a finite number in every row", columns.numberInstead(name, cells)));
    double[] numbers = new double[chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      int row = responses.rows()[chosen[i]];
      boolean unscored = name.equals(Columns.REWARD) && cells.kind(row) == CellColumn.Kind.NOTHING;
      numbers[i] = unscored ? 0 : Scalars.number(cells, row);
      if (!Double.isFinite(numbers[i])) {
        wrong.at(row, Scalars.told(cells, row));
      }
    }
    return numbers;
  }

  /** A number that is the same in all rows of a prompt. */
  private double[] perGroup(String name, CellColumn cells, int[] chosen) {
    double[] perRow = perRow(name, cells, chosen);
    java.util.Map<Integer, Double> first = new LinkedHashMap<>();
    for (int i = 0; i < perRow.length; i++) {
      double before = first.computeIfAbsent(responses.groups()[chosen[i]], key -> Double.NaN);
      same(cells, chosen[i], before, perRow[i]);
      first.put(responses.groups()[chosen[i]], Double.isNaN(before) ? perRow[i] : before);
    }
    return first.values().stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** A number that is the same in all rows of the file. */
  private double[] one(String name, CellColumn cells, int[] chosen) {
    double first = Scalars.number(cells, responses.rows()[0]);
    double[] perRow = perRow(name, cells, chosen);
    for (int i = 0; i < perRow.length; i++) {
      same(cells, chosen[i], first, perRow[i]);
    }
    return new double[] {first};
  }

  private void same(CellColumn cells, int response, double before, double now) {
    if (!Double.isNaN(before) && before != now) {
      faults(
              cells.name() + " differs",
              () ->
                  new Faults(
                      cells, "one number for all that belong together", "the same number in them"))
          .at(responses.rows()[response], now + " after " + before);
    }
  }

  private Faults faults(CellColumn cells, String expected, String remedy) {
    return faults(cells.name(), () -> new Faults(cells, expected, remedy));
  }

  /** Pieces are read by several threads at a time. */
  private Faults faults(String of, Supplier<Faults> none) {
    synchronized (faults) {
      return faults.computeIfAbsent(of, unused -> none.get());
    }
  }

  static boolean exists(Option<double[]> mask, int token) {
    return mask.forAll(ones -> ones[token] != 0);
  }
}
