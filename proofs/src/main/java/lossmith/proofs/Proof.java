package lossmith.proofs;

import io.vavr.collection.Map;
import io.vavr.collection.Seq;

/**
 * What came of holding an objective to laws.
 *
 * @param subject the objective's name
 * @param cases how many cases each law was tried on
 * @param findings the laws that it breaks
 */
public record Proof(String subject, Map<String, Integer> cases, Seq<Finding> findings) {
  /** {@return whether every law held} */
  public boolean holds() {
    return findings.isEmpty();
  }
}
