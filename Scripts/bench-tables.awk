# Reads the lines of Scripts/bench-plan.sh and prints its tables and bars, as Markdown that can be read as it is.
BEGIN {
    FS = "\t"
    size_count = split(sizes, size_list, " ")
    names["start"] = "process start"
    names["read"] = "lower bound of reading (C)"
    names["walk"] = "lower bound of comparing (C)"
    names["validate"] = "validate"
    names["plan"] = "plan from empty"
    names["apply"] = "apply from empty"
    names["apply-again"] = "apply, unchanged head"
    names["plan-again"] = "plan, unchanged head"
    names["plan-one"] = "plan, one file changed"
    names["plan-prompt"] = "plan, one included file changed"
    names["apply-one"] = "apply, one file changed"
    names["terraform"] = "Terraform: plan, unchanged"
    case_count = split("start read walk validate plan apply plan-again apply-again plan-one plan-prompt apply-one terraform", \
        cases, " ")
}
{
    key = $1 SUBSEP $2 SUBSEP $3
    least[key] = $5
    middle[key] = $6
    processor[key] = $8
    own[key] = $9 / 1024
    children[key] = $10 / 1024
}
function grouped(number, text, result) {
    text = sprintf("%d", number)
    while (length(text) > 3) {
        result = "," substr(text, length(text) - 2) result
        text = substr(text, 1, length(text) - 3)
    }
    return text result
}
function milliseconds(value) { return value >= 100 ? grouped(value + 0.5) : sprintf("%.1f", value) }
function cell(column, text) {
    cells[row, column] = text
    if (length(text) > width[column]) width[column] = length(text)
}
function show(   line, column, at) {
    for (line = 1; line <= row; line++) {
        printf "|"
        for (column = 1; column <= columns; column++) {
            if (column == 1) printf " %-" width[column] "s |", cells[line, column]
            else printf " %" width[column] "s |", cells[line, column]
        }
        print ""
        if (line > 1) continue
        printf "|"
        for (column = 1; column <= columns; column++) {
            text = sprintf("%" (width[column] + 1) "s", "")
            gsub(" ", "-", text)
            printf "%s", column == 1 ? text "-|" : text ":|"
        }
        print ""
    }
    print ""
}
function table(storage, unit,   at, place, key, base) {
    delete cells
    delete width
    row = 1
    columns = size_count + 1
    cell(1, unit == "time" ? "ms, least / median" : "MiB at the peak, itself + its reader")
    for (place = 1; place <= size_count; place++) cell(place + 1, grouped(size_list[place]))
    for (at = 1; at <= case_count; at++) {
        row++
        cell(1, names[cases[at]])
        seen = 0
        for (place = 1; place <= size_count; place++) {
            key = size_list[place] SUBSEP (cases[at] == "terraform" ? "-" : storage) SUBSEP cases[at]
            if (!(key in middle)) {
                cell(place + 1, "")
                continue
            }
            seen = 1
            if (unit == "time") cell(place + 1, milliseconds(least[key]) " / " milliseconds(middle[key]))
            else cell(place + 1, sprintf("%.0f", own[key]) (children[key] > 0 ? sprintf(" + %.0f", children[key]) : ""))
        }
        if (!seen) row--
    }
    show()
}
# Two figures and what the first may be of the second.
function bar(text, value, limit, unit) {
    if (value == "") {
        print "- " text ": not measured"
        return
    }
    printf "- %s: %.1f%s, at most %s%s: %s\n", text, value, unit, limit, unit, (value <= limit ? "**pass**" : "**miss**")
}
function of(size, storage, name) { return middle[size SUBSEP storage SUBSEP name] }
function ratio(one, other) { return one == "" || other == "" ? "" : one / other }
function bars(storage,   place, size, key, extra, worst, name, names_count, list) {
    bar("plan of one changed file at 100,000, of that at 100", \
        ratio(of(100000, storage, "plan-one"), of(100, storage, "plan-one")), 2, " times")
    worst = ""
    names_count = split("plan-again apply-again", list, " ")
    for (place = 1; place <= size_count; place++) {
        for (name = 1; name <= names_count; name++) {
            size = size_list[place]
            if (of(size, storage, list[name]) == "") continue
            extra = of(size, storage, list[name]) - of(size, storage, "start")
            if (worst == "" || extra > worst) worst = extra
        }
    }
    bar("unchanged head, above process start, the slowest of all sizes", worst, 10, " ms")
    bar("plan from empty at 10,000, of the lower bound", \
        ratio(of(10000, storage, "plan"), of(10000, storage, "read")), 2, " times")
    key = 10000 SUBSEP storage SUBSEP "plan"
    bar("memory of plan from empty at 10,000, both processes", key in own ? own[key] + children[key] : "", 200, " MiB")
    bar("apply from empty at 10,000, of the lower bound", \
        ratio(of(10000, storage, "apply"), of(10000, storage, "read")), 3, " times")
}
function terraform_bar(size, least_ratio, value) {
    value = ratio(of(size, "-", "terraform"), of(size, "packed", "plan-again"))
    if (value == "") {
        print "- Terraform's plan without change at " grouped(size) ", of ours: not measured"
        return
    }
    printf "- Terraform's plan without change at %s, of ours: %s times, at least %s times: %s\n", grouped(size), \
        grouped(value), grouped(least_ratio), (value >= least_ratio ? "**pass**" : "**miss**")
}
END {
    print facts ".\n"
    split("packed loose", storages, " ")
    for (number = 1; number <= 2; number++) {
        print (number == 1 ? "**Packed objects:**" : "**Loose objects:**") "\n"
        table(storages[number], "time")
        table(storages[number], "memory")
    }
    for (number = 1; number <= 2; number++) {
        print "Bars, medians, " storages[number] " objects:\n"
        bars(storages[number])
        if (number == 1) {
            terraform_bar(1000, 100)
            terraform_bar(10000, 1000)
        }
        print ""
    }
}
