package lossmith.dsl.print;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Printed;

/** Formulas in Unicode with what their symbols stand for, and without remarks on saturation. */
public final class FormulaText implements Printed.Formulas {
  @Override
  public Seq<String> lines(Node node) {
    return lines(Formula.unicode(node), 1);
  }

  @Override
  public Seq<String> lines(Loss loss) {
    return lines(Formula.unicode(loss), loss.parts().size());
  }

  private static Seq<String> lines(String text, int formulas) {
    Seq<String> all = List.of(text.split("\n", -1));
    return all.take(formulas)
        .appendAll(all.drop(formulas).filter(line -> line.startsWith(UnicodeNotation.WHERE)));
  }
}
