import static lossmith.dsl.Axis.*;
import static lossmith.dsl.Over.*;
import static lossmith.dsl.Terms.*;

import lossmith.dsl.*;
import lossmith.dsl.Level.*;

class LiveBound {
  Object wrong() {
    return ratio().clipBetween(ratio(), position());
  }
}
