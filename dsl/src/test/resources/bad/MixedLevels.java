import static lossmith.dsl.Axis.*;
import static lossmith.dsl.Over.*;
import static lossmith.dsl.Terms.*;

import lossmith.dsl.*;
import lossmith.dsl.Level.*;

class MixedLevels {
  Object wrong() {
    return ratio().times(reward());
  }
}
