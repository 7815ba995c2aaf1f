package lossmith.spark;

import io.vavr.collection.Seq;
import java.nio.file.Path;
import lossmith.dsl.Problem;
import lossmith.pieces.Watch;
import lossmith.rollouts.Reading;
import lossmith.score.EnginePlace;
import lossmith.score.EngineRollouts;
import lossmith.score.ScoreEngine;

/** Scores on a cluster of Apache Spark. */
public final class SparkEngine implements ScoreEngine {
  @Override
  public String name() {
    return "spark";
  }

  @Override
  public EngineRollouts open(Seq<Path> files, Reading reading, EnginePlace place, Watch watch) {
    try {
      Class<?> unused = Class.forName("org.apache.spark.sql.SparkSession");
    } catch (ClassNotFoundException absent) {
      throw Problem.of(
              "engine",
              "--engine spark without Spark on the class path",
              "the jars of Spark 4 for Scala 2.13",
              "mvn package -DskipTests -Pspark, or start it by spark-submit")
          .exception();
    }
    return SparkRollouts.open(files, reading, place, watch);
  }
}
