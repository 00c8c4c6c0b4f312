# Prints the markdown tables of one case of raw.txt, or nothing if nobody took part. Needs rounds.awk.
# Variables: which (the case), contenders (in order), idle_conns, rate (of the latency case).

function is_c(who) { return who == "c-epoll" || who == "c-uring" }

function is_rate(key) { return key ~ /^(rps|cps|mib_per_s)$/ }

# By the medians; of a rate more is better, of all else less.
function better_c(key, count,   i, best, mine, its) {
    for (i = 1; i <= count; i++) {
        if (!is_c(name[i]))
            continue
        mine = over_rounds(name[i], key, 1, "%.6f") + 0
        if (best == "" || (is_rate(key) ? mine > its : mine < its)) {
            best = name[i]
            its = mine
        }
    }
    return best
}

function total(who, key,   sum, r) {
    for (r = 1; r <= rounds[which]; r++)
        sum += value[which, who, r, key]
    return sum + 0
}

# A server that had time to spare says nothing about how much it could have done. In the latency
# case it should have time; there it matters that it kept up with the rate.
function mark(who,   r) {
    if (which == "busy-1")
        return "" # one message at a time keeps nobody busy
    for (r = 1; r <= rounds[which]; r++) {
        if (which == "latency" && has(who, r, "rps") && value[which, who, r, "rps"] < 0.99 * value[which, who, r, "rate"])
            return "!"
        if (which != "latency" && has(who, r, "server_core_busy") && value[which, who, r, "server_core_busy"] < 0.9)
            return "!"
    }
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

# recvfrom:1.00,sendto:0.99 as text, the most frequent first.
function calls_text(who,   n, i, j, t, call, part, text) {
    if (!has(who, 0, "calls"))
        return "-"
    n = split(value[which, who, 0, "calls"], call, ",")
    for (i = 2; i <= n; i++)
        for (j = i; j > 1 && number_of(call[j]) > number_of(call[j - 1]); j--) {
            t = call[j]; call[j] = call[j - 1]; call[j - 1] = t
        }
    for (i = 1; i <= n; i++) {
        split(call[i], part, ":")
        text = text (i > 1 ? ", " : "") part[2] " " part[1]
    }
    return text
}

function number_of(call,   part) {
    split(call, part, ":")
    return part[2] + 0
}

# Who stands against each hotloop row. `keys` and `titles` are lists with a bar between.
function ratio_table(keys, titles, count,   key, title, keys_count, r, refs, ref, i, k, cells, who, rows) {
    for (i = 1; i <= count; i++)
        if (name[i] ~ /^hotloop/)
            ref[++refs] = name[i]
    if (!refs || count < 2)
        return
    keys_count = split(keys, key, "|")
    split(titles, title, "|")
    cells = "÷ this"
    for (k = 1; k <= keys_count; k++)
        for (r = 1; r <= refs; r++)
            cells = cells "|" title[k] ": " ref[r]
    print ""
    head(cells)
    for (i = 1; i <= count + 1; i++) {
        if (i > count && better_c(key[1], count) == "")
            break
        cells = i > count ? "better C" : name[i]
        for (k = 1; k <= keys_count; k++)
            for (r = 1; r <= refs; r++) {
                who = i > count ? better_c(key[k], count) : name[i]
                cells = cells "|" ratio(ref[r], who, key[k]) \
                    (who != ref[r] && is_rate(key[k]) && mark(who) mark(ref[r]) ? "!" : "")
            }
        row(cells)
    }
}

function load_table(title, unit, rate_key, count,   i, who, user, calls) {
    user = which == "echo" # the user-mode share is taken under the echo load only
    calls = which ~ /^busy-/
    print "### " title "\n"
    head("contender|" unit "/s|p50 µs|p99 µs|p99.9 µs|CPU µs per " unit "|core busy %|" (user ? "user %|" : "") \
        "errors" (calls ? "|system calls per request" : ""))
    for (i = 1; i <= count; i++) {
        who = name[i]
        row(who "|" over_rounds(who, rate_key, 1, "%.0f") mark(who) \
            "|" over_rounds(who, "p50_us", 1, "%.0f") "|" over_rounds(who, "p99_us", 1, "%.0f") \
            "|" over_rounds(who, "p999_us", 1, "%.0f") \
            "|" over_rounds(who, "server_cpu_us_per_req", 1, "%.2f") \
            "|" over_rounds(who, "server_core_busy", 100, "%.0f") \
            "|" (user ? over_rounds(who, "user_pct", 1, "%.0f") "|" : "") total(who, "errors") \
            (calls ? "|" calls_text(who) : ""))
    }
    if (which == "latency")
        ratio_table("p50_us|p99_us|p999_us|server_cpu_us_per_req", "p50|p99|p99.9|CPU", count)
    else
        ratio_table(rate_key "|server_cpu_us_per_req", unit "/s|CPU", count)
}

function bulk_table(title, count,   i, who) {
    print "### " title "\n"
    head("contender|MiB/s|CPU ms per GiB|core busy %|errors")
    for (i = 1; i <= count; i++) {
        who = name[i]
        row(who "|" over_rounds(who, "mib_per_s", 1, "%.0f") mark(who) \
            "|" over_rounds(who, "server_cpu_ms_per_gib", 1, "%.0f") \
            "|" over_rounds(who, "server_core_busy", 100, "%.0f") "|" total(who, "errors"))
    }
    ratio_table("mib_per_s|server_cpu_ms_per_gib", "MiB/s|CPU", count)
}

function idle_table(title, count,   i, who) {
    print "### " title "\n"
    head("contender|bytes per connection|RSS before MiB|RSS after MiB|lost")
    for (i = 1; i <= count; i++) {
        who = name[i]
        row(who "|" over_rounds(who, "bytes_per_conn", 1, "%.0f") \
            "|" over_rounds(who, "before_kb", 1 / 1024, "%.1f") "|" over_rounds(who, "after_kb", 1 / 1024, "%.1f") \
            "|" total(who, "lost"))
    }
    ratio_table("bytes_per_conn", "bytes", count)
}

END {
    count = split(contenders, all, " ")
    present = 0
    for (i = 1; i <= count; i++)
        if ((which, all[i]) in known)
            name[++present] = all[i]
    if (!present)
        exit
    print ""
    if (which == "idle")
        idle_table("idle: memory of " idle_conns " connections", present)
    else if (which == "bulk")
        bulk_table("bulk: 4 connections that write all the time", present)
    else if (which == "churn")
        load_table("churn: connect, 64 bytes, close; 32 at a time", "connection", "cps", present)
    else if (which == "http")
        load_table("http: GET, 100 connections", "request", "rps", present)
    else if (which == "http-close")
        load_table("http-close: connect, GET, close; 32 at a time", "connection", "cps", present)
    else if (which == "echo")
        load_table("echo: 64 bytes, 100 connections", "request", "rps", present)
    else if (which == "pipelined")
        load_table("pipelined: 16 times 64 bytes in a write, 100 connections", "request", "rps", present)
    else if (which == "wide")
        load_table("wide: 512 bytes, 1000 connections", "request", "rps", present)
    else if (which == "latency")
        load_table("latency: 64 bytes, 100 connections, " rate " requests a second", "request", "rps", present)
    else
        load_table("busy: 64 bytes, connections that are busy: " substr(which, 6), "request", "rps", present)
}
