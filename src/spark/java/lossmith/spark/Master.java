package lossmith.spark;

import io.vavr.collection.List;
import io.vavr.control.Option;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import lossmith.dsl.Problem;

/**
 * The address of a cluster.
 *
 * @param url as Spark writes it
 */
record Master(String url) {
  private static final int PATIENCE = 5000;

  /** {@return the address that was given, or that of spark-submit} */
  static Master of(Option<String> given) {
    String url = given.getOrElse(() -> System.getProperty("spark.master", ""));
    if (!url.matches("local(\\[[^\\]]+\\])?|spark://\\S+|yarn|k8s://\\S+")) {
      throw problem(url.isEmpty() ? "--engine spark without a master" : "--master " + url);
    }
    return new Master(url);
  }

  private static RuntimeException problem(String wrote) {
    return Problem.of(
            "master",
            wrote,
            "the address of a cluster: spark://HOST:PORT, yarn, k8s://…, or local[N] for N threads"
                + " of this process",
            "--master spark://HOST:7077")
        .exception();
  }

  boolean isLocal() {
    return url.startsWith("local");
  }

  private List<URI> addresses() {
    return url.startsWith("spark://")
        ? List.of(url.substring("spark://".length()).split(",", -1))
            .map(
                one -> {
                  try {
                    return URI.create("spark://" + one);
                  } catch (IllegalArgumentException e) {
                    throw problem("--master " + url);
                  }
                })
        : List.empty();
  }

  /** Whether all of the cluster is this machine, as far as its address says. */
  boolean isHere() {
    return isLocal() || (!addresses().isEmpty() && addresses().forAll(Master::isHere));
  }

  private static boolean isHere(URI address) {
    return List.of("localhost", "127.0.0.1", "::1", "[::1]").contains(address.getHost());
  }

  /** Refuses an address at which nobody listens: Spark itself would try for minutes. */
  void check() {
    List<URI> all = addresses();
    if (all.exists(address -> address.getHost() == null || address.getPort() < 0)) {
      throw problem("--master " + url);
    }
    if (!all.isEmpty() && !all.exists(Master::listens)) {
      throw problem("--master " + url + ", where nobody listens");
    }
  }

  private static boolean listens(URI address) {
    try (Socket socket = new Socket()) {
      InetAddress host = InetAddress.getByName(address.getHost());
      socket.connect(new InetSocketAddress(host, address.getPort()), PATIENCE);
      return true;
    } catch (IOException nobody) {
      return false;
    }
  }
}
