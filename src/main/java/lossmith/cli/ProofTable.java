package lossmith.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.proofs.Finding;
import lossmith.proofs.Proof;

/** Recipe by law: how many cases held, or NO. */
final class ProofTable {
  private final Seq<Proof> proofs;

  ProofTable(Seq<Proof> proofs) {
    this.proofs = proofs;
  }

  private Seq<String> laws() {
    return proofs.flatMap(proof -> proof.cases().keySet()).distinct();
  }

  String text() {
    return proofs.size() == 1 ? one(proofs.head()) : many();
  }

  private static String one(Proof proof) {
    Seq<Seq<String>> rows =
        proof
            .cases()
            .toList()
            .map(law -> List.of(law._1, "" + law._2, broken(proof, law._1) ? "NO" : "holds"));
    return TextTable.of(rows.prepend(List.of(proof.subject(), "cases", "")));
  }

  private String many() {
    Seq<String> laws = laws();
    Seq<Seq<String>> rows =
        proofs.map(
            proof ->
                laws.<String>map(
                        law ->
                            broken(proof, law)
                                ? "NO"
                                : proof.cases().get(law).map(n -> "" + n).getOrElse("-"))
                    .prepend(proof.subject()));
    Seq<String> head = List.range(1, laws.size() + 1).map(i -> "" + i).prepend("cases per law");
    return laws.zipWithIndex().map(law -> String.format("%3d %s%n", law._2 + 1, law._1)).mkString()
        + TextTable.of(rows.prepend(head));
  }

  private static boolean broken(Proof proof, String law) {
    return proof.findings().exists(finding -> finding.law().name().equals(law));
  }

  void write(ObjectNode root) {
    for (Proof proof : proofs) {
      ObjectNode node = root.putObject(proof.subject());
      ObjectNode laws = node.putObject("laws");
      proof
          .cases()
          .forEach(
              law ->
                  laws.putObject(law._1).put("cases", law._2).put("holds", !broken(proof, law._1)));
      ArrayNode findings = node.putArray("findings");
      for (Finding finding : proof.findings()) {
        findings
            .addObject()
            .put("law", finding.law().name())
            .put("applies", finding.law().when())
            .put("seed", finding.seed())
            .put("where", finding.violations().map(Object::toString).headOption().getOrElse(""));
      }
      ArrayNode repairs = node.putArray("repairs");
      proof.repairs().forEach(repair -> repairs.add(repair.toString()));
    }
  }
}
