/**
 * The comparison with Apache Kafka. The same {@link io.aeon.conformance.Script}s run on both brokers; the decoded
 * answers are normalised and compared field by field. It runs with {@code mvn verify -Pconformance} only, in
 * {@link io.aeon.conformance.KafkaComparison}.
 *
 * <ul>
 *   <li>A script asks through {@link io.aeon.conformance.Line}s and uses ids that a broker told it.
 *   <li>{@link io.aeon.conformance.Transcript} keeps the answers of one broker, normalised.
 *   <li>{@link io.aeon.conformance.AcceptedDifferences} are listed in one file, each with its reason.
 * </ul>
 */
package io.aeon.conformance;
