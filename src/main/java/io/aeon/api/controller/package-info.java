/** The APIs of the controller listener that the client listeners do not have. */
@NullMarked
package io.aeon.api.controller;

import org.jspecify.annotations.NullMarked;
