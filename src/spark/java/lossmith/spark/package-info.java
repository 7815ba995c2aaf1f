/**
 * Rollouts scored by Apache Spark: rows are spread over files of whole prompts in a folder that all
 * machines see, each pass over them is a job, and what the parts found is joined in the program
 * that asked. How rows are read, which passes there are and how they are joined is not known here.
 */
@CheckReturnValue
@NullMarked
package lossmith.spark;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
