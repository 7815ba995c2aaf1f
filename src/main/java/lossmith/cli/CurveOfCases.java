package lossmith.cli;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.io.PrintWriter;
import java.util.Locale;
import lossmith.console.Progress;
import lossmith.console.TextTable;
import lossmith.proofs.CaseCurve;
import lossmith.proofs.museum.Museum;
import lossmith.recipes.Recipe;

/** {@code prove --curve}: what a number of cases is worth, in wrong losses that are noticed. */
final class CurveOfCases {
  private static final Seq<Integer> CASES = List.of(1, 2, 5, 10, 20, 50, 100, 200, 400);

  @picocli.CommandLine.Option(
      names = "--curve",
      description =
          "how many of the museum's exhibits, and of the mutants of each recipe that is named, are"
              + " noticed within a number of cases: the default of --cases is where the curve is"
              + " flat")
  private boolean asked;

  /** Whether it is asked for. */
  boolean asked() {
    return asked;
  }

  /** Prints the table: a row for each sort of wrong losses, a column for each number of cases. */
  void print(Seq<Recipe> recipes, long seed, PrintWriter out, PrintWriter err) {
    Progress progress = new Progress(err);
    int most = CASES.last();
    int size = Museum.all().size();
    Seq<CaseCurve> curves =
        List.of(CaseCurve.ofMuseum(most, seed, i -> progress.show("museum", "exhibits", i, size)));
    for (Recipe recipe : recipes) {
      progress.show("mutants", "recipes", curves.size() - 1, recipes.size());
      curves = curves.append(CaseCurve.ofMutants(recipe, most, seed));
    }
    Seq<String> head = CASES.map(n -> "" + n).prepend("of").prepend("noticed within cases");
    out.print(TextTable.of(curves.map(CurveOfCases::row).prepend(head)));
    for (CaseCurve curve : curves) {
      Seq<Integer> late = curve.first().sorted().filter(at -> at > CASES.get(5));
      out.printf(
          Locale.ROOT,
          "%s: the last are noticed on case %s%n",
          curve.losses(),
          late.prependAll(curve.first().max().filter(at -> late.isEmpty())).mkString(", "));
    }
  }

  private static Seq<String> row(CaseCurve curve) {
    return CASES
        .map(n -> "" + curve.noticed(n))
        .prepend("" + curve.wrong())
        .prepend(curve.losses());
  }
}
