import static lossmith.dsl.Axis.*;
import static lossmith.dsl.Over.*;
import static lossmith.dsl.Terms.*;

import lossmith.dsl.*;
import lossmith.dsl.Level.*;

class NumberInWhere {
  Object wrong() {
    return ratio().mean(TOKENS.where(ratio()));
  }
}
