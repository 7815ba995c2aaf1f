package lossmith.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
            + "<wbr/><math displaystyle=\"true\"><mo form=\"infix\">=</mo>"
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
    assertTrue(row("-a - b").contains("<mo form=\"prefix\">−</mo><mi>a</mi></math><wbr/><math"));
  }

  @Test
  void aLongFractionIsWrittenWithASlash() {
    String wide = "a + ".repeat(40) + "a";
    assertTrue(row("\\frac{" + wide + "}{" + wide + "}").contains("<mo form=\"infix\">/</mo>"));
  }

  /** (a + … + a) / b is 1/b · (a + … + a), and a·…·a / b needs no brackets. */
  @Test
  void aLongNumeratorStandsBehindItsDenominator() {
    String share = "<mfrac><mrow><mn>1</mn></mrow><mrow><mi>b</mi></mrow></mfrac>";
    String sum = row("\\frac{" + "a + ".repeat(40) + "a}{b}");
    assertTrue(sum.contains(share), sum);
    assertTrue(sum.contains("<mo stretchy=\"false\">(</mo>"), sum);
    String product = row("\\frac{" + "a \\cdot ".repeat(40) + "a}{b}");
    assertTrue(product.contains(share), product);
    assertFalse(product.contains("stretchy"), product);
    String negative = row("\\frac{" + "a \\cdot ".repeat(40) + "(a + b)}{b}");
    assertEquals(1, negative.split(">\\(<", -1).length - 1, negative);
  }

  /** The last factor of a product does not stand alone on a line. */
  @Test
  void aShortFactorStaysWithTheOneBefore() {
    assertFalse(row("a \\cdot b").contains("<wbr/>"));
    assertTrue(row("a \\cdot \\operatorname{clipped}\\left(b\\right)").contains("<wbr/>"));
  }

  @Test
  void barsStandCloseToWhatTheyHold() {
    String size = row("\\sum |y|");
    assertTrue(size.contains("<mo form=\"prefix\" stretchy=\"false\">|</mo><mi>y</mi>"), size);
    assertTrue(size.contains("<mi>y</mi><mo form=\"postfix\" stretchy=\"false\">|</mo>"), size);
  }

  @Test
  void bracketsGrowWithAFractionAlone() {
    assertTrue(row("\\exp\\left(\\frac{a}{b}\\right)").contains("<mo>(</mo>"));
    assertFalse(row("\\exp\\left(a - b_t\\right)").contains("<mo>(</mo>"));
  }

  @Test
  void casesHaveARowForEach() {
    String three =
        "\\begin{cases} a & \\text{if } b \\\\ c & \\text{if } d \\\\ e & \\text{otherwise}"
            + " \\end{cases}";
    assertEquals(3, row(three).split("<mtr>", -1).length - 1);
    String long1 = "a + ".repeat(40) + three;
    assertEquals(3, row(long1).split("<mtr>", -1).length - 1);
    String wide = three.replace("e &", "e + ".repeat(40) + "e &");
    assertEquals(2, row(wide).split("<mo>;</mo>", -1).length - 1, row(wide));
  }

  @Test
  void casesAreAsLargeAsTheFormulaAroundThem() {
    String cases =
        "\\begin{cases} a & \\text{if } b \\\\ \\frac{a}{b} & \\text{otherwise} \\end{cases}";
    assertTrue(row(cases).contains("<mtable displaystyle=\"true\"><mtr>"), row(cases));
  }

  @Test
  void lettersWithMarksAreWritten() {
    String[] letters = {"\\ell", "\\hat{A}", "d^{2}", "M_{2}", "\\pi^{\\downarrow}", "R_{\\theta}"};
    for (String letter : letters) {
      assertTrue(row(letter).contains("<math"), row(letter));
    }
  }

  @Test
  void whatHasNoMathMlIsRefusedAndNotLeftOut() {
    assertThrows(IllegalStateException.class, () -> row("\\oint x"));
  }
}
