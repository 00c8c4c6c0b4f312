# Prints a markdown table of ablation.sh. Needs rounds.awk.
# Variables: contenders (in order; the others are divided by the first), titles (as many, with a bar between), columns (with a bar between: the
# case, the key, the heading and the format of the figure, and "ratio" for a column of ratios beside it; with colons between).

END {
    count = split(contenders, name, " ")
    split(titles, title, "|")
    width = split(columns, column, "|")
    head = "| knob |"
    line = "| --- |"
    for (c = 1; c <= width; c++) {
        split(column[c], part, ":")
        head = head " " part[3] " |" (part[5] == "ratio" ? " ratio to default |" : "")
        line = line " ---: |" (part[5] == "ratio" ? " ---: |" : "")
    }
    print head
    print line
    for (i = 1; i <= count; i++) {
        row = "| " title[i] " |"
        for (c = 1; c <= width; c++) {
            split(column[c], part, ":")
            which = part[1]
            row = row " " over_rounds(name[i], part[2], 1, part[4]) " |"
            if (part[5] == "ratio")
                row = row " " ratio(name[i], name[1], part[2]) " |"
        }
        print row
    }
}
