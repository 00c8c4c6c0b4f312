# Reads raw.txt (lines of key=value) for a program that comes after this one. What it asks for is of the
# case that `which` says.

{
    delete field
    for (i = 1; i <= NF; i++) {
        eq = index($i, "=")
        field[substr($i, 1, eq - 1)] = substr($i, eq + 1)
    }
    round = field["round"] + 0
    if (round > rounds[field["case"]])
        rounds[field["case"]] = round
    for (key in field)
        value[field["case"], field["contender"], round, key] = field[key]
    known[field["case"], field["contender"]] = 1
}

function has(who, round, key) { return (which, who, round, key) in value }

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
    for (r = 0; r <= rounds[which]; r++)
        if (has(who, r, key))
            list[++n] = value[which, who, r, key] * scale
    return median(list, n, format)
}

# The median of the ratios of each round, not the ratio of the medians: a disturbance that lasts
# for a round then hits both sides.
function ratio(reference, who, key,   list, n, r) {
    if (who == reference)
        return "1"
    for (r = 1; r <= rounds[which]; r++)
        if (has(who, r, key) && has(reference, r, key) && value[which, who, r, key] > 0)
            list[++n] = value[which, reference, r, key] / value[which, who, r, key]
    return median(list, n, "%.2f")
}
