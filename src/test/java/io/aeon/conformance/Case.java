package io.aeon.conformance;

import org.apache.kafka.common.protocol.ApiKeys;

/** A line of the comparison: an API in one version, and what is special about the request. */
record Case(ApiKeys api, int version, String what) {
    @Override
    public String toString() {
        return api.name + " v" + version + ", " + what;
    }
}
