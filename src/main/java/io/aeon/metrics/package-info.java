/**
 * The metrics of a broker in Prometheus' text formats, with the names that dashboards for Apache Kafka query. They are
 * collected at a scrape, from counters and states that the other rooms have anyway; between scrapes this room does
 * nothing.
 */
@NullMarked
package io.aeon.metrics;

import org.jspecify.annotations.NullMarked;
