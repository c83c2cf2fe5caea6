/**
 * Changes of the metadata, by the controller in this process or the one that leads, and what a controller keeps of its
 * brokers.
 */
@NullMarked
package io.aeon.metadata.controller;

import org.jspecify.annotations.NullMarked;
