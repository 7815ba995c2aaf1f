package lossmith.report;

import io.vavr.collection.List;
import java.util.ArrayList;
import java.util.stream.Collectors;

/**
 * A mark or a group of a formula in MathML.
 *
 * @param text its MathML
 * @param size about how long it is, in marks
 * @param starts whether a line may begin with it
 * @param ends whether a line may end with it
 */
record Atom(String text, int size, boolean starts, boolean ends) {
  /** A factor of less marks stays on the line of the one before. */
  private static final int TAIL = 5;

  static Atom of(String text, int size) {
    return new Atom(text, size, false, false);
  }

  /** Several elements, between which a line may break; not in front of a short last factor. */
  static String broken(List<Atom> atoms) {
    ArrayList<String> chunks = new ArrayList<>();
    StringBuilder open = new StringBuilder();
    int left = size(atoms);
    for (int i = 0; i < atoms.size(); i++) {
      Atom atom = atoms.get(i);
      int factor = size(atoms.drop(i + 1).takeWhile(next -> !next.starts && !next.ends));
      boolean shortFactor = atom.text.contains(">·<") && factor < TAIL;
      if (atom.starts && !shortFactor && !open.isEmpty()) {
        chunks.add(open.toString());
        open.setLength(0);
      }
      open.append(atom.text);
      left -= atom.size;
      if (atom.ends && left > 0) {
        chunks.add(open.toString());
        open.setLength(0);
      }
    }
    chunks.add(open.toString());
    return chunks.stream()
        .filter(chunk -> !chunk.isEmpty())
        .map(chunk -> "<math displaystyle=\"true\">" + chunk + "</math>")
        .collect(Collectors.joining("<wbr/>"));
  }

  static String joined(List<Atom> atoms) {
    return "<mrow>" + atoms.map(Atom::text).mkString() + "</mrow>";
  }

  static int size(List<Atom> atoms) {
    return atoms.map(Atom::size).sum().intValue();
  }

  static List<Atom> bracketed(List<Atom> inside) {
    return inside.size() == 1 ? inside : inside.prepend(fence("(")).append(fence(")"));
  }

  /** Whether something is added or taken away outside all brackets. */
  static boolean sum(List<Atom> atoms) {
    int depth = 0;
    boolean sum = false;
    for (Atom atom : atoms) {
      depth += List.of("(", "[", "{").map(Atom::fence).contains(atom) ? 1 : 0;
      depth -= List.of(")", "]", "}").map(Atom::fence).contains(atom) ? 1 : 0;
      sum |= depth == 0 && (atom.text.contains(">+<") || atom.text.contains("infix\">−<"));
    }
    return sum;
  }

  static Atom fence(String sign) {
    return Atom.of("<mo stretchy=\"false\">" + sign + "</mo>", 1);
  }

  static Atom operator(String sign, String token, boolean operand) {
    String form = operand ? " form=\"infix\"" : " form=\"prefix\"";
    return new Atom(
        "<mo" + form + ">" + sign + "</mo>", 2, operand && !token.equals("\\times"), false);
  }

  static Atom space() {
    return Atom.of("<mspace width=\"0.4em\"/>", 1);
  }

  static Atom spaced(Atom name) {
    return Atom.of(name.text + "<mspace width=\"0.17em\"/>", name.size);
  }
}
