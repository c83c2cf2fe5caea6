package io.aeon.benchmarks.growth;

/** A logarithmic axis: where a value lies between two pixels. */
record Scale(double least, double most, double from, double to) {
    double at(double value) {
        return from + (to - from) * Math.log(value / least) / Math.log(most / least);
    }
}
