package lossmith.spark;

import io.vavr.collection.List;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** A master and workers of Spark, each a process of its own, started from Spark's jars. */
final class LocalCluster implements AutoCloseable {
  private static final String HERE = "127.0.0.1";

  private final Path folder;
  private final int port;
  private final Process master;
  private List<Process> workers = List.empty();

  LocalCluster(Path folder, int workers) throws IOException, InterruptedException {
    this.folder = Files.createDirectories(folder);
    Path jars = Files.createDirectories(folder.resolve("home").resolve("jars"));
    Path unused = Files.createFile(folder.resolve("home").resolve("RELEASE"));
    for (String path : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path jar = Path.of(path).toAbsolutePath();
      Path link = jars.resolve(jar.getFileName().toString());
      if (path.endsWith(".jar") && !Files.exists(link)) {
        Path unusedLink = Files.createSymbolicLink(link, jar);
      }
    }
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = free.getLocalPort();
    }
    this.master =
        start(
            "master",
            List.of("org.apache.spark.deploy.master.Master", "--host", HERE)
                .append("--port")
                .append(String.valueOf(port))
                .append("--webui-port")
                .append("0"));
    await();
    for (int i = 0; i < workers; i++) {
      addWorker();
    }
  }

  void addWorker() throws IOException {
    String name = "worker" + workers.size();
    workers =
        workers.append(
            start(
                name,
                List.of("org.apache.spark.deploy.worker.Worker", "--host", HERE)
                    .appendAll(List.of("--cores", "1", "--memory", "1g", "--webui-port", "0"))
                    .appendAll(List.of("--work-dir", folder.resolve(name + "-work").toString()))
                    .append(master())));
  }

  private Process start(String name, List<String> command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(ProcessHandle.current().info().command().orElse("java"))
                .append("-Xmx256m")
                .append("-XX:TieredStopAtLevel=1")
                .append("-cp")
                .append(folder.resolve("home").resolve("jars") + "/*")
                .appendAll(command)
                .asJava());
    builder.environment().put("SPARK_HOME", folder.resolve("home").toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_IP", HERE);
    return builder
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(name + ".log").toFile())
        .start();
  }

  private void await() throws IOException, InterruptedException {
    Instant end = Instant.now().plus(Duration.ofMinutes(1));
    while (true) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (socket.isConnected()) {
          return;
        }
      } catch (IOException notYet) {
        if (Instant.now().isAfter(end) || !master.isAlive()) {
          throw new IOException(Files.readString(folder.resolve("master.log")), notYet);
        }
        Thread.sleep(100);
      }
    }
  }

  String master() {
    return "spark://" + HERE + ":" + port;
  }

  /** Ends a worker as a machine that loses its power does, and all that it has started. */
  void kill(int worker) {
    List<ProcessHandle> all = List.ofAll(workers.get(worker).descendants().toList());
    all.prepend(workers.get(worker).toHandle()).forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public void close() {
    for (Process process : workers.append(master)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      try {
        boolean unused = process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
