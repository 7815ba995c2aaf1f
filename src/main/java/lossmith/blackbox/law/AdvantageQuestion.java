package lossmith.blackbox.law;

import io.vavr.Lazy;
import io.vavr.control.Either;
import lossmith.blackbox.AdvantageBox;
import lossmith.blackbox.AdvantageProfile;
import lossmith.blackbox.TensorBatch;

/**
 * What makes advantages, and a case that it is held to a law on.
 *
 * @param box what makes them
 * @param seen what it is seen to do
 * @param effects what its settings change
 * @param batch the case as rows of slots
 * @param answer what it gives for it
 */
record AdvantageQuestion(
    AdvantageBox box,
    AdvantageProfile seen,
    Lazy<SettingEffects> effects,
    TensorBatch batch,
    Either<String, AdvantageBox.Given> answer) {}
