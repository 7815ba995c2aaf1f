package lossmith.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The blocks of Python that pages show, run as a reader would: in a folder with what {@code export}
 * writes, on a batch whose loss and gradient are known without a program. What needs TensorFlow is
 * run by {@link SavedModelClientTest}.
 */
final class PythonBlocksTest {
  private static final Path ROOT = Path.of(Files.exists(Path.of("src/docs")) ? "" : "..");

  private static final Pattern BLOCK = Pattern.compile("(?s)```(?:python|py)\n(.*?)```");

  /**
   * Two prompts with two responses each, padded; of the first prompt the first response is right,
   * of the second both are. On the policy itself, with two symbols as likely as each other.
   */
  private static final String BEFORE =
      """
      import math
      import torch

      response_mask = torch.tensor([[1, 1, 1], [1, 1, 0], [1, 0, 0], [1, 1, 1]]).bool()
      prompt_id = torch.tensor([7, 7, 3, 3])
      reward = torch.tensor([1.0, 0.0, 1.0, 1.0])
      log_prob = torch.full((4, 3), math.log(0.5)).requires_grad_()
      old_log_prob = log_prob.detach().clone()
      network = torch.zeros(4, 3, 2).requires_grad_()
      logits = network * 1
      tokens = torch.tensor([[0, 1, 0], [1, 1, 0], [0, 0, 0], [1, 0, 1]])
      """;

  /**
   * Rewards 1 and 0 are advantages 1 and -1 in their group, equal ones 0: of responses of 3 and 2
   * tokens, two to each of two prompts, a token has the slope -1/12, or 1/8. A logit has that times
   * 1 - 1/2 if it was sampled, times -1/2 otherwise.
   */
  private static final String AFTER =
      """

      if log_prob.grad is None:
          loss.backward()
          grpo(batch, log_prob, reward, old_log_prob, clip_high=0.28)[0].backward()
          slopes = torch.tensor([[-1 / 12] * 3, [1 / 8, 1 / 8, 0], [0] * 3, [0] * 3])[..., None]
          sampled = torch.nn.functional.one_hot(tokens, 2)
          assert torch.allclose(network.grad, slopes * (sampled - 0.5), atol=1e-6), network.grad
      expected = torch.tensor([[-1 / 12] * 3, [1 / 8, 1 / 8, 0], [0] * 3, [0] * 3])
      assert torch.allclose(log_prob.grad, expected, atol=1e-6), log_prob.grad
      assert abs(loss.item()) < 1e-6 and set(metrics), (loss, metrics)
      """;

  private static Seq<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.list(ROOT.resolve("src/docs"))) {
      return List.ofAll(docs.filter(page -> page.toString().endsWith(".md")).sorted().toList())
          .prepend(ROOT.resolve("README.md"))
          .append(ROOT.resolve("src/python/README.md"))
          .append(ROOT.resolve("src/main/resources/export/README.md"));
    }
  }

  private static Seq<String> blocks() throws IOException {
    Seq<String> blocks = List.empty();
    for (Path page : pages()) {
      Matcher block = BLOCK.matcher(Files.readString(page));
      while (block.find()) {
        blocks = blocks.append(block.group(1));
      }
    }
    return blocks;
  }

  @NeedsPython
  @Test
  void everyBlockRuns(@TempDir Path folder) throws Exception {
    Seq<String> torch = blocks().reject(block -> block.contains("import tensorflow"));
    assertEquals(2, torch.size(), "blocks of PyTorch: " + torch);
    PythonProcess python = PythonProcess.withTorch(torch.size() + " blocks of the documentation");
    Recipe grpo = Recipes.get("grpo");
    String text =
        TorchExport.write(
            grpo, new Objective("grpo", grpo.title(), grpo.loss(Conventions.paper())));
    Path inside = Files.createDirectory(folder.resolve("lossmith_objectives"));
    for (Path to : List.of(folder, inside)) {
      Path written = Files.writeString(to.resolve("grpo.py"), text);
      assertTrue(Files.exists(written));
    }
    Seq<String> files = List.empty();
    for (String block : torch) {
      Path file = folder.resolve("block" + files.size() + ".py");
      files = files.append(Files.writeString(file, BEFORE + block + AFTER).toString());
    }
    String all = files.map(file -> "r'" + file + "'").mkString("[", ", ", "]");
    python.run(
        "-c",
        "import runpy, sys; sys.path.insert(0, r'"
            + folder
            + "'); print('Python:', len([runpy.run_path(file) for file in "
            + all
            + "]), 'blocks of the documentation')");
  }
}
