# Reads raw.txt (lines of key=value) and prints the markdown table of one case.
# Variables: which (the case), contenders (in order), reference, idle_conns.

{
    delete field
    for (i = 1; i <= NF; i++) {
        eq = index($i, "=")
        field[substr($i, 1, eq - 1)] = substr($i, eq + 1)
    }
    if (field["case"] != which)
        next
    round = field["round"] + 0
    if (round > rounds)
        rounds = round
    for (key in field)
        value[field["contender"], round, key] = field[key]
    known[field["contender"]] = 1
}

function has(who, round, key) { return (who, round, key) in value }

function sort(list, n,   i, j, t) {
    for (i = 2; i <= n; i++)
        for (j = i; j > 1 && list[j] < list[j - 1]; j--) {
            t = list[j]; list[j] = list[j - 1]; list[j - 1] = t
        }
}

# With no values at all there is nothing to print but a dash.
function median(list, n, format) {
    if (!n)
        return "-"
    sort(list, n)
    return sprintf(format, n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2)
}

# Round 0 holds what is measured once, outside the rounds.
function over_rounds(who, key, scale, format,   list, n, r) {
    for (r = 0; r <= rounds; r++)
        if (has(who, r, key))
            list[++n] = value[who, r, key] * scale
    return median(list, n, format)
}

# The median of the ratios of each round, not the ratio of the medians: a disturbance that lasts
# for a round then hits both sides.
function ratio(who, key,   list, n, r) {
    if (who == reference)
        return "1"
    for (r = 1; r <= rounds; r++)
        if (has(who, r, key) && has(reference, r, key) && value[who, r, key] > 0)
            list[++n] = value[reference, r, key] / value[who, r, key]
    return median(list, n, "%.2f")
}

function total(who, key,   sum, r) {
    for (r = 1; r <= rounds; r++)
        sum += value[who, r, key]
    return sum + 0
}

# A server that had time to spare says nothing about how much it could have done.
function mark(who,   r) {
    for (r = 1; r <= rounds; r++)
        if (has(who, r, "server_core_busy") && value[who, r, "server_core_busy"] < 0.9)
            return "!"
    return ""
}

function row(cells,   n, i, cell, line) {
    n = split(cells, cell, "|")
    line = "|"
    for (i = 1; i <= n; i++)
        line = line " " cell[i] " |"
    print line
}

function head(cells,   n, i, cell, line) {
    row(cells)
    n = split(cells, cell, "|")
    line = "| --- |"
    for (i = 2; i <= n; i++)
        line = line " ---: |"
    print line
}

function load_table(title, unit, rate, count,   i, who, both, user) {
    user = which == "echo" # the user-mode share is taken under the echo load only
    print "### " title "\n"
    head("contender|" unit "/s|p50 µs|p99 µs|p99.9 µs|CPU µs per " unit "|core busy %|" (user ? "user %|" : "") \
        "errors|" unit "/s: " reference " ÷ this|CPU: " reference " ÷ this")
    for (i = 1; i <= count; i++) {
        who = name[i]
        both = who != reference && (reference in known) && mark(who) mark(reference) ? "!" : ""
        row(who "|" over_rounds(who, rate, 1, "%.0f") mark(who) \
            "|" over_rounds(who, "p50_us", 1, "%.0f") "|" over_rounds(who, "p99_us", 1, "%.0f") \
            "|" over_rounds(who, "p999_us", 1, "%.0f") \
            "|" over_rounds(who, "server_cpu_us_per_req", 1, "%.2f") \
            "|" over_rounds(who, "server_core_busy", 100, "%.0f") \
            "|" (user ? over_rounds(who, "user_pct", 1, "%.0f") "|" : "") total(who, "errors") \
            "|" ratio(who, rate) both "|" ratio(who, "server_cpu_us_per_req"))
    }
}

function idle_table(count,   i, who) {
    print "### idle: memory of " idle_conns " connections\n"
    head("contender|bytes per connection|RSS before MiB|RSS after MiB|lost|bytes: " reference " ÷ this")
    for (i = 1; i <= count; i++) {
        who = name[i]
        row(who "|" over_rounds(who, "bytes_per_conn", 1, "%.0f") \
            "|" over_rounds(who, "before_kb", 1 / 1024, "%.1f") "|" over_rounds(who, "after_kb", 1 / 1024, "%.1f") \
            "|" total(who, "lost") "|" ratio(who, "bytes_per_conn"))
    }
}

END {
    count = split(contenders, all, " ")
    present = 0
    for (i = 1; i <= count; i++)
        if (all[i] in known)
            name[++present] = all[i]
    if (which == "echo")
        load_table("echo: 64 bytes, 100 connections", "request", "rps", present)
    else if (which == "churn")
        load_table("churn: connect, 64 bytes, close; 32 at a time", "connection", "cps", present)
    else
        idle_table(present)
}
