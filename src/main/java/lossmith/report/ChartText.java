package lossmith.report;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;

/** A chart as lines of text, for a terminal. */
public final class ChartText {
  private static final int COLUMNS = 61;
  private static final int ROWS = 13;
  private static final int MARGIN = 10;
  private static final char SHADE = '░';
  private static final char ZERO = '·';
  private static final char SEVERAL = '*';

  private final Chart chart;
  private final ChartScale across;
  private final ChartScale up;
  private final char[][] cells = new char[ROWS][COLUMNS];

  private ChartText(Chart chart) {
    this.chart = chart;
    Seq<Chart.Dot> all = chart.series().flatMap(Chart.Series::points);
    this.across =
        ChartScale.of(all.map(Chart.Dot::x), chart.across().logarithmic(), 0, 0, COLUMNS - 1);
    this.up = ChartScale.of(all.map(Chart.Dot::y), chart.up().logarithmic(), 0, ROWS - 1, 0);
  }

  /**
   * {@return the chart: {@code +} for what belongs to a positive advantage, {@code -} to a negative
   * one, {@code o} to neither, {@code *} where several meet, and what stands out shaded}
   *
   * @param chart at least one point
   */
  public static String of(Chart chart) {
    return new ChartText(chart).text();
  }

  private String text() {
    for (char[] row : cells) {
      Arrays.fill(row, ' ');
    }
    for (Chart.Stretch shade : chart.shades()) {
      for (int x = column(shade.from()); x <= column(shade.to()); x++) {
        for (char[] row : cells) {
          row[x] = SHADE;
        }
      }
    }
    boolean zero = up.low() <= 0 && up.high() >= 0;
    if (zero) {
      for (int x = 0; x < COLUMNS; x++) {
        char[] row = cells[row(0)];
        row[x] = row[x] == SHADE ? SHADE : ZERO;
      }
    }
    for (Chart.Series series : chart.series()) {
      for (Chart.Dot dot : series.points()) {
        char[] row = cells[row(dot.y())];
        int x = column(dot.x());
        boolean taken = row[x] != ' ' && row[x] != SHADE && row[x] != ZERO;
        row[x] = taken && row[x] != mark(series) ? SEVERAL : mark(series);
      }
    }
    StringBuilder text = new StringBuilder();
    if (!chart.title().isEmpty()) {
      text.append(chart.title()).append('\n');
    }
    text.append(chart.up().title()).append('\n');
    for (int row = 0; row < ROWS; row++) {
      String label = zero && row == row(0) ? "0" : row % 3 == 0 ? label(row) : "";
      text.append(" ".repeat(Math.max(0, MARGIN - 1 - label.length())))
          .append(label)
          .append(" │")
          .append(new String(cells[row]).stripTrailing())
          .append('\n');
    }
    return text.append(" ".repeat(MARGIN))
        .append('└')
        .append("─".repeat(COLUMNS))
        .append('\n')
        .append(ticks())
        .append('\n')
        .append(" ".repeat(MARGIN + 1))
        .append(chart.across().title())
        .append('\n')
        .append(" ".repeat(MARGIN + 1))
        .append(legend())
        .append('\n')
        .toString();
  }

  private String legend() {
    Seq<String> marks =
        chart.series().reject(s -> s.name().isEmpty()).map(s -> mark(s) + " " + s.name());
    return marks
        .appendAll(marks.size() > 1 ? List.of(SEVERAL + " several") : List.empty())
        .mkString(",  ");
  }

  private static char mark(Chart.Series series) {
    return switch (series.kind()) {
      case PLUS -> '+';
      case MINUS -> '-';
      case PLAIN -> 'o';
      case SHADE -> SHADE;
    };
  }

  private int column(double x) {
    return (int) Math.round(across.at(x));
  }

  private int row(double y) {
    return (int) Math.round(up.at(y));
  }

  /** The number in the middle of a row. */
  private String label(int row) {
    double share = 1 - row / (ROWS - 1.0);
    double number =
        up.logarithmic()
            ? up.low() * Math.pow(up.high() / up.low(), share)
            : up.low() + (up.high() - up.low()) * share;
    return String.format(Locale.ROOT, "%.3g", number);
  }

  /** Round numbers below the axis, each where there is still room. */
  private String ticks() {
    StringBuilder line = new StringBuilder();
    for (BigDecimal tick : across.ticks()) {
      String label = ChartScale.label(tick);
      int at = MARGIN + 1 + column(tick.doubleValue()) - label.length() / 2;
      if (line.isEmpty() || at > line.length()) {
        line.append(" ".repeat(Math.max(0, at - line.length()))).append(label);
      }
    }
    return line.toString();
  }
}
