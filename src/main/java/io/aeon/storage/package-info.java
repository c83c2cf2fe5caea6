/**
 * The log of one partition, with one package per part. JDK only, no Akka, no kafka-clients. From the top down, a
 * package uses only the packages after it: {@code repair}, {@code log}, {@code recovery}, {@code compaction},
 * {@code producer}, {@code segment}, {@code batch}, {@code file}.
 */
@NullMarked
package io.aeon.storage;

import org.jspecify.annotations.NullMarked;
