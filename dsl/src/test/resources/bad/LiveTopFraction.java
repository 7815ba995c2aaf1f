import static lossmith.dsl.Axis.*;
import static lossmith.dsl.Over.*;
import static lossmith.dsl.Terms.*;

import lossmith.dsl.*;
import lossmith.dsl.Level.*;

class LiveTopFraction {
  Object wrong() {
    return entropy().topFraction(parameter("fraction", 0.2, 0, 1), 1, ALL_TOKENS);
  }
}
