import static lossmith.dsl.Axis.*;
import static lossmith.dsl.Over.*;
import static lossmith.dsl.Terms.*;

import lossmith.dsl.*;
import lossmith.dsl.Level.*;

class LiveKey {
  Object wrong() {
    return logProb().cumulativeSum(entropy(), ALL_TOKENS);
  }
}
