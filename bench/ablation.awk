# Prints the markdown table of ablation.sh. Needs rounds.awk.
# Variables: contenders (in order; the others are divided by the first), titles (as many, with a bar between).

END {
    count = split(contenders, name, " ")
    split(titles, title, "|")
    print "| knob | CPU µs per request, echo | ratio to default | idle bytes per connection |"
    print "| --- | ---: | ---: | ---: |"
    for (i = 1; i <= count; i++) {
        which = "echo"
        cpu = over_rounds(name[i], "server_cpu_us_per_req", 1, "%.2f")
        times = ratio(name[i], name[1], "server_cpu_us_per_req")
        which = "idle"
        print "| " title[i] " | " cpu " | " times " | " over_rounds(name[i], "bytes_per_conn", 1, "%.0f") " |"
    }
}
