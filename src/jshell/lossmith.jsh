import lossmith.*;
import lossmith.dsl.*;
import io.vavr.collection.*;
