package lossmith.dsl.print;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** LaTeX of the printers as MathML, row by row. */
final class MathMlTest {
  private static String row(String latex) {
    return MathMl.of("\\begin{aligned}\n" + latex + "\n\\end{aligned}");
  }

  @Test
  void aFractionIsOneAndABreakComesBeforeAnOperator() {
    assertEquals(
        "<p class=\"row\"><math displaystyle=\"true\"><mi>L</mi></math>"
            + " <math displaystyle=\"true\"><mo form=\"infix\">=</mo>"
            + "<mfrac><mrow><mn>1</mn></mrow><mrow><mi>N</mi></mrow></mfrac></math></p>",
        row("L &= \\frac{1}{N}"));
  }

  @Test
  void aDefinitionAndARemarkAreRowsOfTheirOwn() {
    String rows =
        row("L &= r \\\\\n\\text{where } r &= \\epsilon_{\\text{high}} \\\\\n&\\text{x $\\pm$ 1}");
    String[] lines = rows.split("\n", -1);
    assertEquals(3, lines.length);
    assertTrue(lines[1].startsWith("<p class=\"where\">where <math"), lines[1]);
    assertTrue(
        lines[1].contains("<msub><mi>ε</mi><mrow><mtext>high</mtext></mrow></msub>"), lines[1]);
    assertEquals("<p class=\"remark\">x ± 1</p>", lines[2]);
  }

  @Test
  void aMinusInFrontOfNothingIsASignAndDoesNotBreak() {
    assertTrue(row("-a - b").contains("<mo form=\"prefix\">−</mo><mi>a</mi></math> <math"));
  }

  @Test
  void aLongFractionIsWrittenWithASlash() {
    String wide = "a + ".repeat(40) + "a";
    assertTrue(row("\\frac{" + wide + "}{b}").contains("<mo form=\"infix\">/</mo>"));
  }

  @Test
  void casesAreAsLargeAsTheFormulaAroundThem() {
    String cases =
        "\\begin{cases} a & \\text{if } b \\\\ \\frac{a}{b} & \\text{otherwise} \\end{cases}";
    assertTrue(
        row(cases).contains("<mtable columnalign=\"left\" displaystyle=\"true\"><mtr>"),
        row(cases));
  }

  @Test
  void whatHasNoMathMlIsRefusedAndNotLeftOut() {
    assertThrows(IllegalStateException.class, () -> row("\\oint x"));
  }
}
