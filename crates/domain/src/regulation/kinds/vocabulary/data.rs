//! Words for data sources, datasets and their fields.

closed_list! {
    /// How the gate reaches a source.
    Adapter {
        HttpJson "http-json" "Requests and answers in JSON over HTTP.",
        XRoadRest "x-road-rest" "REST through an X-Road security server.",
        FileDrop "file-drop" "Files laid into and taken from a folder.",
        Manual "manual" "People ask by paper or telephone and enter the answer.",
    }
}

closed_list! {
    /// What sort of thing a dataset is asked about.
    SubjectKind {
        Person "person" "A natural person.",
        Company "company" "A company or institution.",
        Parcel "parcel" "A parcel of land or a building.",
        Other "other" "Anything else.",
    }
}

closed_list! {
    /// How the key of a subject is checked.
    SubjectType {
        NationalId "national-id" "National ID and resident numbers with their check digit.",
        BusinessNumber "business-number" "The eight-digit business number with its check digit.",
        Text "text" "Free text.",
        Code "code" "Letters and digits without blanks.",
    }
}

closed_list! {
    /// How a request field is checked.
    FieldType {
        Text "text" "Free text.",
        Date "date" "A day.",
        Number "number" "A whole number.",
        Code "code" "Letters and digits without blanks.",
        NationalId "national-id" "A national ID or resident number.",
        BusinessNumber "business-number" "A business number.",
        Choice "choice" "One of the listed options.",
    }
}

closed_list! {
    /// What an item answers.
    AnswerShape {
        Record "record" "One record with named fields.",
        List "list" "Several records with the same fields.",
        Verdict "verdict" "A yes or no.",
        Fact "fact" "Only that it was asked.",
    }
}

closed_list! {
    /// How sensitive a field, item or entry is.
    Sensitivity {
        Plain "plain" "Says nothing about a person by itself.",
        Personal "personal" "Personal data.",
        Sensitive "sensitive" "Personal data of the sort that the law protects specially.",
    }
}

closed_list! {
    /// How a field is shortened where a mask applies.
    Mask {
        None "none" "Not at all.",
        Name "name" "As a name.",
        Id "id" "As a number.",
        Address "address" "As an address.",
        Date "date" "As a date.",
    }
}
