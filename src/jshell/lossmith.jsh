import static lossmith.dsl.Terms.*
import static lossmith.dsl.Over.*
import static lossmith.dsl.Axis.*
import lossmith.shell.Shell
import lossmith.shell.ShellRun
import lossmith.dsl.*
import lossmith.dsl.Level.*
import lossmith.dsl.bind.*
import lossmith.dsl.data.*
import lossmith.dsl.derivative.*
import lossmith.ops.*
import lossmith.ops.memory.*
import lossmith.proofs.*
import lossmith.proofs.law.*
import lossmith.proofs.stated.*
import lossmith.proofs.subject.*
import lossmith.proofs.trial.*
import lossmith.recipes.*
import lossmith.recipes.advantage.*
import lossmith.recipes.catalogue.*
import lossmith.recipes.control.*
import lossmith.recipes.correction.*
import lossmith.recipes.critic.*
import lossmith.recipes.distil.*
import lossmith.recipes.entropy.*
import lossmith.recipes.offpolicy.*
import lossmith.recipes.part.*
import lossmith.recipes.policy.*
import lossmith.recipes.preference.*
import lossmith.recipes.regression.*
import lossmith.recipes.reward.*
import lossmith.recipes.surrogate.*
import lossmith.rollouts.*
import lossmith.score.*
import io.vavr.collection.LinkedHashMap
import io.vavr.collection.List
import io.vavr.collection.Map
import io.vavr.collection.Seq
import io.vavr.collection.Set
import io.vavr.control.Option
import java.nio.file.Path
import java.util.stream.IntStream
var samples = Sample.rollouts()
var scorer = new Scorer(samples, LinkedHashMap.empty(), Precision.FLOAT64)
Proof prove(Loss loss, Claim... claims) { return Proving.of(loss).claiming(claims).prove(); }
Proof prove(Loss loss, Samples data, Claim... claims) { return Proving.of(loss).from(data).claiming(claims).prove(); }
Proof prove(Loss loss, Statement stated, Claim... claims) { return Proving.of(loss).stated(stated).claiming(claims).prove(); }
void show(Loss loss, String... options) { Shell.show(loss, options); }
void show(String objective, String... options) { Shell.show(objective, options); }
void tokens(Loss loss, String... options) { Shell.tokens(loss, options); }
void compare(Loss one, Loss other, String... options) { Shell.compare(one, other, options); }
void explain(String text) { Shell.explain(text); }
void help(String word) { Shell.help(word); }
void plot(Loss loss) { Shell.plot(loss); }
ShellRun train(Loss loss, String... options) { return ShellRun.train(loss, options); }
Path plot(ShellRun run, String metric) { return run.plot(metric); }
System.out.println("Lossmith: `samples` are 384 real responses to 48 prompts, with logits. Try")
System.out.println("  var a = reward().minus(reward().mean(SEQUENCES).per(Axis.SEQUENCE)).per(Axis.TOKEN)")
System.out.println("  var loss = maximise(ratio().weightedBy(a).mean(ALL_TOKENS))")
System.out.println("  scorer.score(\"mine\", loss)")
System.out.println("  show(loss)       plot(loss)       tokens(loss)       compare(loss, other)")
System.out.println("  prove(loss)      train(loss)")
System.out.println("  help(\"times\")    explain(\"loss.times(0.5)\"), of what does not compile: what to write")
