package lossmith.recipes;

/**
 * The same idea in another system.
 *
 * @param system whose it is
 * @param name what the system calls it
 * @param differs where its formula is another one, in one sentence; empty if it is the same
 * @param wrong what is a mistake there, in one sentence; empty if nothing is known to be
 */
public record Counterpart(Project system, String name, String differs, String wrong) {
  /** Systems whose source was read, with the commit. */
  public enum Project {
    /** verl. */
    VERL("verl", "volcengine/verl", "1dda039b"),
    /** The recipes that come beside verl. */
    VERL_RECIPE("verl-recipe", "verl-project/verl-recipe", "48ea0a7"),
    /** TRL. */
    TRL("TRL", "huggingface/trl", "f2cd5771"),
    /** OpenRLHF. */
    OPENRLHF("OpenRLHF", "OpenRLHF/OpenRLHF", "3c3be623"),
    /** Liger-Kernel. */
    LIGER("Liger", "linkedin/Liger-Kernel", "ead96b61"),
    /** rlax. */
    RLAX("rlax", "google-deepmind/rlax", "4c5d25b2"),
    /** NeMo-RL. */
    NEMO_RL("NeMo-RL", "NVIDIA-NeMo/RL", "7ea279ab"),
    /** slime. */
    SLIME("slime", "THUDM/slime", "624b824a"),
    /** ROLL. */
    ROLL("ROLL", "alibaba/ROLL", "8eb27cc2"),
    /** SkyRL. */
    SKYRL("SkyRL", "NovaSky-AI/SkyRL", "a9564572e"),
    /** AReaL. */
    AREAL("AReaL", "inclusionAI/AReaL", "4aef98d8d"),
    /** prime-rl. */
    PRIME_RL("prime-rl", "PrimeIntellect-ai/prime-rl", "559b44772"),
    /** open-instruct. */
    OPEN_INSTRUCT("open-instruct", "allenai/open-instruct", "e6c3044aa"),
    /** The authors' own code of entropy control by covariance. */
    ENTROPY_MECHANISM("Entropy-Mechanism", "PRIME-RL/Entropy-Mechanism-of-RL", "8850579"),
    /** The authors' own code of learning from forking tokens alone. */
    FORKING_TOKENS(
        "Beyond-the-80-20-Rule-RLVR", "Shenzhi-Wang/Beyond-the-80-20-Rule-RLVR", "6f5dda6f"),
    /** The authors' own code of learning from negative samples. */
    RLVR_DECOMPOSED("RLVR-Decomposed", "TianHongZXY/RLVR-Decomposed", "a5d4e7c"),
    /** The authors' own code of self-certainty as a reward. */
    INTUITOR("Intuitor", "sunblaze-ucb/Intuitor", "3f0cdd7"),
    /** The authors' own code of ASPO. */
    ARCHER("Archer2.0", "wizard-III/Archer2.0", "b08d963"),
    /** The authors' own code of CE-GPPO. */
    CE_GPPO("CE-GPPO", "Kwai-Klear/CE-GPPO", "10558fe"),
    /** The cookbook of tinker. */
    TINKER("tinker-cookbook", "thinking-machines-lab/tinker-cookbook", "9dfcc3a2"),
    /** The author's own code of target policy optimisation. */
    TPO("tpo", "JeanKaddour/tpo", "73473b9"),
    /** The authors' own code of M2PO. */
    M2PO("M2PO", "Infini-AI-Lab/M2PO", "af54a3e8"),
    /** The authors' own code of adaptive divergences. */
    LLM_KD_AKL("LLM_KD_AKL", "wutaiqiang/LLM_KD_AKL", "ff278be6");

    private final String word;
    private final String repository;
    private final String commit;

    Project(String word, String repository, String commit) {
      this.word = word;
      this.repository = repository;
      this.commit = commit;
    }

    /** {@return where its source is} */
    public String url() {
      return "https://github.com/" + repository;
    }

    /** {@return the commit that was read} */
    public String commit() {
      return commit;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  /** {@return a system that computes the same} */
  public static Counterpart of(Project system, String name) {
    return new Counterpart(system, name, "", "");
  }

  /** {@return the same, with where it differs} */
  public Counterpart differs(String how) {
    return new Counterpart(system, name, how, wrong);
  }

  /** {@return the same, with what is a mistake there} */
  public Counterpart wrong(String how) {
    return new Counterpart(system, name, differs, how);
  }

  /** {@return the system, its name for it, and in one line what is other or wrong there} */
  @Override
  public String toString() {
    return system
        + ", "
        + name
        + (differs.isEmpty() ? "" : ": " + differs)
        + (wrong.isEmpty() ? "" : "; wrong there: " + wrong);
  }
}
