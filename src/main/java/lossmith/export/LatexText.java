package lossmith.export;

import io.vavr.collection.HashMap;
import io.vavr.collection.Map;

/** Plain text in LaTeX: what is a command there is escaped, and symbols are set in mathematics. */
final class LatexText {
  private static final Map<String, String> ESCAPED =
      HashMap.of(
          "\\", "\\textbackslash{}",
          "{", "\\{",
          "}", "\\}",
          "#", "\\#",
          "%", "\\%",
          "&", "\\&",
          "$", "\\$",
          "_", "\\_",
          "~", "\\textasciitilde{}",
          "^", "\\textasciicircum{}");

  /** Symbols that are no letters of a language, and the mathematics for them. */
  private static final Map<String, String> MATHEMATICS =
      HashMap.<String, String>empty()
          .put("α", "\\alpha")
          .put("β", "\\beta")
          .put("γ", "\\gamma")
          .put("δ", "\\delta")
          .put("Δ", "\\Delta")
          .put("ε", "\\varepsilon")
          .put("η", "\\eta")
          .put("θ", "\\theta")
          .put("κ", "\\kappa")
          .put("λ", "\\lambda")
          .put("μ", "\\mu")
          .put("π", "\\pi")
          .put("ρ", "\\rho")
          .put("σ", "\\sigma")
          .put("Σ", "\\Sigma")
          .put("τ", "\\tau")
          .put("φ", "\\varphi")
          .put("ψ", "\\psi")
          .put("∂", "\\partial")
          .put("∇", "\\nabla")
          .put("∀", "\\forall")
          .put("∃", "\\exists")
          .put("∈", "\\in")
          .put("∞", "\\infty")
          .put("≤", "\\le")
          .put("≥", "\\ge")
          .put("≠", "\\ne")
          .put("≈", "\\approx")
          .put("→", "\\to")
          .put("⇒", "\\Rightarrow")
          .put("⇔", "\\Leftrightarrow")
          .put("¬", "\\neg")
          .put("∧", "\\wedge")
          .put("∨", "\\vee")
          .put("·", "\\cdot")
          .put("×", "\\times")
          .put("±", "\\pm")
          .put("−", "-")
          .put("√", "\\surd")
          .put("∝", "\\propto")
          .put("‖", "\\|")
          .put("∥", "\\|")
          .put("½", "\\tfrac12")
          .put("²", "^2")
          .put("³", "^3")
          .put("₁", "_1")
          .put("₂", "_2")
          .put("ℓ", "\\ell")
          .put("′", "'")
          .put("↦", "\\mapsto")
          .put("↓", "\\downarrow")
          .put("↔", "\\leftrightarrow")
          .put("₊", "_+")
          .put("₋", "_-")
          .put("₀", "_0")
          .put("⟨", "\\langle")
          .put("⟩", "\\rangle")
          .put("Π", "\\Pi")
          .put("χ", "\\chi")
          .put("≢", "\\not\\equiv")
          .put("≪", "\\ll")
          .put("≫", "\\gg")
          .put("∪", "\\cup")
          .put("⊕", "\\oplus")
          .put("⊗", "\\otimes")
          .put("⁻", "^-")
          .put("⁴", "^4")
          .put("⁸", "^8")
          .put("<", "<")
          .put(">", ">")
          .put("|", "|");

  private LatexText() {}

  static String of(String text) {
    StringBuilder latex = new StringBuilder();
    text.codePoints()
        .mapToObj(Character::toString)
        .map(
            one ->
                MATHEMATICS
                    .get(one)
                    .map(symbol -> "\\ensuremath{" + symbol + "}")
                    .orElse(ESCAPED.get(one))
                    .getOrElse(one))
        .forEach(latex::append);
    return latex.toString();
  }
}
