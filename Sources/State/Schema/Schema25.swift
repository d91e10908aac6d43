/// What each row that is written costs less by.
enum Schema25 {
    /// The same checks in other words: for a list of three or more SQLite makes a table of its own each time a row is checked,
    /// which took a third of the time of storing an event and its run, and half of that of a change or a file. Of the
    /// database nothing changes but these texts (sqlite.org/lang_altertable.html, "Making Other Kinds Of Table Schema Changes").
    static let plainChecks = """
        PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET sql = replace(replace(sql,
                'state IN (''queued'', ''running'', ''awaitingApproval'', ''succeeded'', ''failed'',
                ''cancelled'', ''skipped'', ''discarded'', ''unknown'')',
                'state = ''queued'' OR state = ''running'' OR state = ''awaitingApproval'' OR state = ''succeeded''
                OR state = ''failed'' OR state = ''cancelled'' OR state = ''skipped'' OR state = ''discarded''
                OR state = ''unknown'''),
            'state IN (''queued'', ''running'', ''awaitingApproval'')',
            'state = ''queued'' OR state = ''running'' OR state = ''awaitingApproval''')
            WHERE type = 'table' AND name = 'run';
        UPDATE sqlite_schema SET sql = replace(sql,
                'state IN (''queued'', ''sending'', ''delivered'', ''failed'', ''discarded'')',
                'state = ''queued'' OR state = ''sending'' OR state = ''delivered'' OR state = ''failed''
                OR state = ''discarded''')
            WHERE type = 'table' AND name = 'delivery';
        UPDATE sqlite_schema SET sql = replace(sql,
                'kind IN (''run'', ''revision'', ''observation'')',
                'kind = ''run'' OR kind = ''revision'' OR kind = ''observation''')
            WHERE type = 'table' AND name = 'happening';
        UPDATE sqlite_schema SET sql = replace(sql,
                'action IN (''create'', ''update'', ''delete'', ''rename'')',
                'action = ''create'' OR action = ''update'' OR action = ''delete'' OR action = ''rename''')
            WHERE type = 'table' AND name = 'revision_change';
        UPDATE sqlite_schema SET sql = replace(sql,
                'role IN (''manifest'', ''settings'', ''included'', ''unread'')',
                'role = ''manifest'' OR role = ''settings'' OR role = ''included'' OR role = ''unread''')
            WHERE type = 'table' AND name = 'source_file';
        PRAGMA writable_schema = RESET;
        """
}
