"""OpenRLHF's policy loss, from the checkout that OPENRLHF names."""

from checkout import load

PolicyLoss = load("OPENRLHF", "openrlhf.models.loss").PolicyLoss
