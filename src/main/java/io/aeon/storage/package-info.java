/**
 * The log of one partition, a room for each part of it. JDK only, no Akka, no kafka-clients. From the top down, a room uses
 * only those after it: {@code repair}, {@code log}, {@code recovery}, {@code compaction}, {@code producer}, {@code segment},
 * {@code batch}, {@code file}.
 */
@NullMarked
package io.aeon.storage;

import org.jspecify.annotations.NullMarked;
