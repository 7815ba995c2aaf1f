"""OpenRLHF's policy loss, from the checkout that OPENRLHF names; --set policy_loss_type=gspo says which."""

from checkout import load

PolicyLoss = load("OPENRLHF", "openrlhf.models.loss").PolicyLoss
