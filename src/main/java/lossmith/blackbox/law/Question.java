package lossmith.blackbox.law;

import io.vavr.Lazy;
import lossmith.blackbox.Answer;
import lossmith.blackbox.BlackBox;
import lossmith.blackbox.Profile;
import lossmith.blackbox.TensorBatch;
import lossmith.proofs.trial.Trial;

/**
 * A loss and a case that it is held to a law on.
 *
 * @param box the loss
 * @param seen what it is seen to do
 * @param effects what its settings change
 * @param trial the case
 * @param batch the same as rows of slots
 * @param answer what the loss gives for it
 */
record Question(
    BlackBox box,
    Profile seen,
    Lazy<SettingEffects> effects,
    Trial trial,
    TensorBatch batch,
    Answer answer) {}
