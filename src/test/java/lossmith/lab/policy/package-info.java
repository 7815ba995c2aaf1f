@NullMarked
package lossmith.lab.policy;

import org.jspecify.annotations.NullMarked;
