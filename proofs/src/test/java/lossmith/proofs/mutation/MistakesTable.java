package lossmith.proofs.mutation;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.proofs.mutation.DrawnMistake.Outcome;

/**
 * What became of drawn mistakes, by kind: {@code main} prints a line for each and the table; its
 * arguments are the first seed and how many follow.
 */
final class MistakesTable {
  private MistakesTable() {}

  /** By mistake: how many were caught, missed, are other objectives, change nothing. */
  static String of(Seq<DrawnMistake> all) {
    return all.groupBy(one -> one.slip().change())
        .toList()
        .sortBy(kind -> kind._1)
        .map(kind -> line(kind._1, kind._2))
        .append(line("all", all))
        .mkString("\n");
  }

  private static String line(String kind, Seq<DrawnMistake> some) {
    return "%-55s".formatted(kind)
        + List.of(Outcome.values())
            .map(outcome -> " " + outcome + " " + some.count(one -> one.outcome() == outcome))
            .mkString();
  }

  public static void main(String[] args) {
    long first = Long.parseLong(args[0]);
    int count = Integer.parseInt(args[1]);
    Seq<DrawnMistake> all = List.empty();
    int alarms = 0;
    for (long seed = first; seed < first + count; seed++) {
      all = all.append(DrawnMistake.of(seed));
      System.out.println(all.last());
      Seq<String> broken = DrawnMistake.falseAlarms(seed);
      if (broken.nonEmpty()) {
        alarms++;
        System.out.println(
            "      ALARM " + broken.mkString(", ") + " of " + all.last().objective());
      }
    }
    System.out.println(of(all) + "\nfalse alarms " + alarms + " of " + count);
  }
}
