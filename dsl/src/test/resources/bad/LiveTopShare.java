import static lossmith.dsl.Axis.*;
import static lossmith.dsl.Over.*;
import static lossmith.dsl.Terms.*;

import lossmith.dsl.*;
import lossmith.dsl.Level.*;

class LiveTopShare {
  Object wrong() {
    return entropy().topShare(parameter("share", 0.2, 0, 1), 1, ALL_TOKENS);
  }
}
